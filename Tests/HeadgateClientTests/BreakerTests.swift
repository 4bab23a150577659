import AdmissionTestSupport
import HeadgateClient
import NIOCore
import Testing

/// Whether the server is asked.
@Suite struct `the breaker` {
    private static let configuration = {
        var configuration = GuardConfiguration()
        configuration.failuresMax = 3
        configuration.probeDelayMin = .milliseconds(100)
        configuration.probeDelayMax = .seconds(5)
        return configuration
    }()

    private var breaker = Breaker(configuration)
    private var generator = SeededGenerator(seed: 1)

    @Test mutating func `opens after so many failures in a row, and not before`() {
        for _ in 0..<2 { #expect(breaker.note(.failed, using: &generator) == .nothing) }
        #expect(breaker.note(.answered, using: &generator) == .nothing)
        for _ in 0..<2 { #expect(breaker.note(.failed, using: &generator) == .nothing) }
        #expect(breaker.asksServer)
        #expect(isProbe(breaker.note(.failed, using: &generator)))
        #expect(!breaker.asksServer)
    }

    @Test mutating func `opens at once when nobody listens`() {
        #expect(isProbe(breaker.note(.unreachable, using: &generator)))
        #expect(!breaker.asksServer)
    }

    @Test mutating func `asks for one probe, whatever else comes in`() {
        _ = breaker.note(.unreachable, using: &generator)
        for report in [Breaker.Report.failed, .unreachable, .answered] {
            #expect(breaker.note(report, using: &generator) == .nothing)
            #expect(!breaker.asksServer)
        }
    }

    @Test mutating func `takes an answered probe for a trial, and the next answer for a proof`() {
        _ = breaker.note(.unreachable, using: &generator)
        #expect(breaker.noteProbe(isAnswered: true, using: &generator) == .nothing)
        #expect(breaker.asksServer)
        #expect(breaker.note(.answered, using: &generator) == .letGo)
        #expect(breaker.state == .closed(failures: 0))
    }

    @Test mutating func `opens again at the first failure of a trial, for longer than before`() throws {
        let first = try #require(delay(breaker.note(.unreachable, using: &generator)))
        for _ in 0..<3 { _ = breaker.noteProbe(isAnswered: false, using: &generator) }
        _ = breaker.noteProbe(isAnswered: true, using: &generator)
        let second = try #require(delay(breaker.note(.failed, using: &generator)))
        #expect(second >= .milliseconds(800) && first <= .milliseconds(100))
        #expect(!breaker.asksServer)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    mutating func `doubles its delays up to the longest, and draws from the upper half of each`(seed: UInt64) throws {
        generator = SeededGenerator(seed: seed)
        var action = breaker.note(.unreachable, using: &generator)
        var full: Int64 = 100_000_000
        for _ in 0..<100 {
            let nanoseconds = try #require(delay(action)).nanoseconds
            #expect((full / 2...full).contains(nanoseconds), "seed \(seed)")
            full = min(5_000_000_000, full * 2)
            action = breaker.noteProbe(isAnswered: false, using: &generator)
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    mutating func `lets at most so many requests pay for a server that is dead`(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        var asked = 0
        for _ in 0..<10_000 {
            if breaker.asksServer {
                asked += 1
                _ = breaker.note(Bool.random(using: &generator) ? .failed : .unreachable, using: &generator)
            }
            if UInt8.random(in: 0..<10, using: &generator) == 0 {
                _ = breaker.noteProbe(isAnswered: false, using: &generator)
            }
        }
        #expect((1...3).contains(asked), "seed \(seed)")
    }

    private func delay(_ action: Breaker.Action) -> TimeAmount? {
        if case .probe(let delay) = action { delay } else { nil }
    }

    private func isProbe(_ action: Breaker.Action) -> Bool { delay(action) != nil }
}
