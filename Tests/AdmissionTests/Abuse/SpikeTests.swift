import AdmissionTestSupport
import Policy
import Testing
import Vocabulary

@testable import Admission

/// Growth against a subject's own history.
@Suite struct `a spike` {
    private static let rule = AbuseRule.Spike(
        window: .seconds(10), history: .seconds(600), factor: 10, least: 100)
    private var detector: SpikeDetector { SpikeDetector(Self.rule) }

    /// Sends so many requests evenly over some windows; gives back the findings' request counts.
    private func send(
        _ perWindow: Int64, windows: Int64, from start: Int64, _ memory: inout SpikeDetector.Memory
    ) -> [Int64] {
        var found: [Int64] = []
        for window in 0..<windows {
            for index in 0..<perWindow {
                let now = start + window * 10_000_000_000 + index * (10_000_000_000 / perWindow)
                if let evidence = detector.note((), in: &memory, at: Nanoseconds(now)) {
                    found.append(evidence.numbers[0].value)
                }
            }
        }
        return found
    }

    @Test func `is found at the first request above ten times the mean, not one before`() {
        var memory = detector.begin(at: .zero)
        #expect(send(20, windows: 61, from: 0, &memory).isEmpty)
        let mean = memory.mean / 65_536
        #expect((19...20).contains(mean))
        let found = send(300, windows: 1, from: 610_000_000_000, &memory)
        #expect(found.first == memory.mean * 10 / 65_536 + 1)
        #expect((191...201).contains(found.first ?? 0))
    }

    @Test func `below the least number of requests is none, whatever the factor`() {
        var memory = detector.begin(at: .zero)
        #expect(send(1, windows: 70, from: 0, &memory).isEmpty)
        #expect(send(99, windows: 1, from: 700_000_000_000, &memory).isEmpty)
        #expect(send(100, windows: 1, from: 710_000_000_000, &memory) == [100])
    }

    @Test func `is not seen in a newcomer, whose history is not full`() {
        var memory = detector.begin(at: .zero)
        #expect(send(5_000, windows: 60, from: 0, &memory).isEmpty)
    }

    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func `is not seen in traffic that varies by half`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var memory = detector.begin(at: .zero)
        for window in 0..<600 as Range<Int64> {
            let count = Int64.random(in: 100...300, using: &random)
            #expect(send(count, windows: 1, from: window * 10_000_000_000, &memory).isEmpty)
        }
    }

    @Test func `that lasts is not the new normal at once, and is after a while`() {
        var memory = detector.begin(at: .zero)
        _ = send(20, windows: 61, from: 0, &memory)
        var windowsFound = 0
        for window in 0..<600 as Range<Int64> {
            if !send(400, windows: 1, from: 610_000_000_000 + window * 10_000_000_000, &memory).isEmpty {
                windowsFound += 1
            }
        }
        #expect((3...60).contains(windowsFound), "\(windowsFound)")
    }

    @Test func `history fades while nothing comes, as windows of nothing would make it`() {
        var (one, other) = (detector.begin(at: .zero), detector.begin(at: .zero))
        _ = send(200, windows: 80, from: 0, &one)
        other = one
        let later = 800_000_000_000 + 45 * 10_000_000_000 as Int64
        _ = detector.note((), in: &one, at: Nanoseconds(later))
        // The other one is asked in every window, with a request that is taken out again.
        for window in 0...45 as ClosedRange<Int64> {
            _ = detector.note((), in: &other, at: Nanoseconds(800_000_000_000 + window * 10_000_000_000))
            other.window.count = 0
        }
        let difference = abs(one.mean - other.mean)
        #expect(difference <= 200, "\(one.mean) \(other.mean)")
        #expect(one.mean < 200 * 65_536 / 2)
    }
}
