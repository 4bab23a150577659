import AdmissionTestSupport
import Policy
import Testing
import Vocabulary

@testable import Admission

/// The other signs of abuse, each with the numbers at which it must and must not be found.
@Suite struct `signs of abuse` {
    private static let second: Int64 = 1_000_000_000

    @Test func `errors are found at the share and the least number, not below`() {
        let detector = ErrorDetector(
            AbuseRule.Errors(kind: .refusals, window: .seconds(60), shareBasisPoints: 5_000, least: 50))
        func findings(failures: Int, of count: Int) -> Int {
            var memory = detector.begin(at: .zero)
            var found = 0
            // Successes first, so that the share only rises.
            for index in 0..<count {
                let isFailure = index >= count - failures
                if detector.note(isFailure, in: &memory, at: Nanoseconds(Int64(index))) != nil { found += 1 }
            }
            return found
        }
        #expect(findings(failures: 25, of: 50) == 1)
        #expect(findings(failures: 24, of: 50) == 0)
        #expect(findings(failures: 49, of: 49) == 0)
        #expect(findings(failures: 50, of: 50) == 1)
        #expect(findings(failures: 499, of: 1_000) == 0)
    }

    @Test func `errors of one window are forgotten in the next`() {
        let detector = ErrorDetector(
            AbuseRule.Errors(kind: .refusals, window: .seconds(60), shareBasisPoints: 5_000, least: 50))
        var memory = detector.begin(at: .zero)
        for index in 0..<49 as Range<Int64> { #expect(detector.note(true, in: &memory, at: Nanoseconds(index)) == nil) }
        #expect(detector.note(true, in: &memory, at: Nanoseconds(60 * Self.second)) == nil)
        #expect(memory.window.count == 1)
    }

    private static let retry = AbuseRule.EarlyRetry(window: .seconds(60), least: 3, grace: .milliseconds(200))

    @Test func `who comes back early is found at the third time`() {
        let detector = EarlyRetryDetector(Self.retry)
        var memory = detector.begin(at: .zero)
        #expect(detector.note(.seconds(10), in: &memory, at: .zero) == nil)
        #expect(detector.note(.seconds(9), in: &memory, at: .seconds(1)) == nil)
        #expect(detector.note(.seconds(8), in: &memory, at: .seconds(2)) == nil)
        let evidence = detector.note(.seconds(7), in: &memory, at: .seconds(3))
        #expect(evidence?.text == "early_retries=3 told_ms=10000 came_after_ms=3000")
    }

    @Test func `who waits as told is never found, however often it is refused`() {
        let detector = EarlyRetryDetector(Self.retry)
        var memory = detector.begin(at: .zero)
        for index in 0..<1_000 as Range<Int64> {
            #expect(detector.note(.milliseconds(50), in: &memory, at: .milliseconds(50 * index)) == nil)
        }
    }

    @Test func `what was on its way when the first refusal fell is not early`() {
        let detector = EarlyRetryDetector(Self.retry)
        var memory = detector.begin(at: .zero)
        for index in 0..<200 as Range<Int64> {
            #expect(detector.note(.seconds(10), in: &memory, at: .milliseconds(index)) == nil)
        }
        #expect(memory.window.count == 0)
        #expect(detector.note(.seconds(10), in: &memory, at: .milliseconds(200)) == nil)
        #expect(memory.window.count == 1)
    }

    @Test func `of two times that were told the earlier one holds`() {
        let detector = EarlyRetryDetector(Self.retry)
        var memory = detector.begin(at: .zero)
        _ = detector.note(.seconds(100), in: &memory, at: .zero)
        _ = detector.note(.seconds(1), in: &memory, at: .seconds(5))  // about something cheaper
        #expect(memory.window.count == 1)
        _ = detector.note(.seconds(50), in: &memory, at: .seconds(7))
        #expect(memory.window.count == 1)
    }

    @Test func `guessing is found by attempts and by different credentials, never by one that is wrong`() {
        let detector = UnknownCredentialDetector(
            AbuseRule.UnknownCredentials(window: .seconds(60), least: 20, distinct: 4))
        var memory = detector.begin(at: .zero)
        for index in 0..<10_000 as Range<Int64> {
            #expect(detector.note(77, in: &memory, at: Nanoseconds(index)) == nil)
        }
        memory = detector.begin(at: .zero)
        var found: Int64?
        for index in 0..<30 as Range<Int64> {
            let credential = UInt64(index % 4)
            if detector.note(credential, in: &memory, at: Nanoseconds(index)) != nil, found == nil { found = index }
        }
        #expect(found == 19)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `the sketch of credentials never counts more than there are`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let detector = UnknownCredentialDetector(
            AbuseRule.UnknownCredentials(window: .seconds(60), least: 1, distinct: 32))
        var memory = detector.begin(at: .zero)
        var seen: Set<UInt64> = []
        for index in 0..<200 as Range<Int64> {
            let credential = UInt64.random(in: .min ... .max, using: &random)
            seen.insert(credential)
            let evidence = detector.note(credential, in: &memory, at: Nanoseconds(index))
            #expect(memory.seen.nonzeroBitCount <= seen.count)
            if evidence != nil { #expect(seen.count >= 32) }
        }
        #expect(memory.seen.nonzeroBitCount > 48)
    }

    private static let region = AbuseRule.NewRegion(learn: .day, memory: Nanoseconds(30 * Nanoseconds.day.count))

    @Test func `regions are learnt for a day, and then a new one is found as often as it comes`() {
        let detector = NewRegionDetector(Self.region)
        var memory = detector.begin(at: .zero)
        #expect(detector.note(0, in: &memory, at: .zero) == nil)
        #expect(detector.note(1, in: &memory, at: Nanoseconds(Nanoseconds.day.count - 1)) == nil)
        #expect(detector.note(2, in: &memory, at: .day)?.text == "regions_known=2 in_use_ms=86400000")
        #expect(detector.note(2, in: &memory, at: Nanoseconds(2 * Nanoseconds.day.count)) != nil)
        #expect(detector.note(1, in: &memory, at: Nanoseconds(2 * Nanoseconds.day.count)) == nil)
    }

    @Test func `a region is remembered for a month at least and two at most`() {
        let detector = NewRegionDetector(Self.region)
        let day = Nanoseconds.day.count
        func isKnown(after days: Int64, othersUntil: Int64) -> Bool {
            var memory = detector.begin(at: .zero)
            _ = detector.note(1, in: &memory, at: .zero)
            for other in 0...othersUntil { _ = detector.note(0, in: &memory, at: Nanoseconds(other * day)) }
            return detector.note(1, in: &memory, at: Nanoseconds(days * day)) == nil
        }
        #expect(isKnown(after: 30, othersUntil: 29))
        #expect(isKnown(after: 59, othersUntil: 58))
        #expect(!isKnown(after: 61, othersUntil: 60))
    }

    @Test func `who was away for longer than that is learnt anew`() {
        let detector = NewRegionDetector(Self.region)
        var memory = detector.begin(at: .zero)
        _ = detector.note(1, in: &memory, at: .zero)
        let later = Nanoseconds(100 * Nanoseconds.day.count)
        #expect(detector.note(5, in: &memory, at: later) == nil)
        #expect(detector.note(6, in: &memory, at: later + .day) != nil)
    }
}
