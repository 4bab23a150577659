import AdmissionTestSupport
import Policy
import Testing
import Vocabulary

@testable import Admission

/// What rules remember has a bound, whoever comes.
@Suite struct `the memory of a rule` {
    private static let detector = UnknownCredentialDetector(
        AbuseRule.UnknownCredentials(window: .seconds(60), least: 20, distinct: 4))

    @Test func `does not grow under a million strangers, and finds the guesser among them`() {
        var table = SubjectTable(Self.detector, count: 1_024)
        var random = SeededGenerator(seed: 11)
        let guesser = UInt128.random(in: .min ... .max, using: &random)
        var found: [UInt64] = []
        var accused = 0
        for index in 0..<1_000_000 as Range<UInt64> {
            let now = Nanoseconds(Int64(index) * 20_000)
            let stranger = UInt128.random(in: 1 ... .max, using: &random)
            if table.note(index, of: stranger, at: now, quiet: .seconds(900)) != nil { accused += 1 }
            if index % 100 == 0, table.note(index / 100, of: guesser, at: now, quiet: .seconds(900)) != nil {
                found.append(index)
            }
        }
        #expect(table.count <= 1_024)
        #expect(accused == 0)
        #expect(found == [1_900])
    }

    @Test func `tells a finding once in its time`() {
        var table = SubjectTable(Self.detector, count: 8)
        var found = 0
        for index in 0..<3_000 as Range<Int64> {
            let evidence = table.note(UInt64(index), of: 7, at: .seconds(index), quiet: .seconds(900))
            if evidence != nil { found += 1 }
        }
        #expect(found == 4)
    }

    @Test func `can be told to forget somebody`() {
        var table = SubjectTable(Self.detector, count: 8)
        for index in 0..<19 as Range<UInt64> { _ = table.note(index, of: 7, at: .zero, quiet: .seconds(900)) }
        table.forget(7)
        #expect(table.count == 0)
        #expect(table.note(19, of: 7, at: .zero, quiet: .seconds(900)) == nil)
    }

    @Test func `of all rules is kept over a reload by those that stay the same`() {
        func policy(least: Int64, action: AbuseRule.Action) -> AbusePolicy {
            AbusePolicy(rules: [
                AbuseRule(
                    name: "guessing", subject: .address,
                    detection: .unknownCredentials(.init(window: .seconds(60), least: least, distinct: 1)),
                    action: action, lasts: .seconds(60))
            ])
        }
        var seen = AbuseObservation()
        seen[.address] = 9
        seen.unknownCredential = 5
        func findings(_ watch: AbuseWatch) -> Int {
            var count = 0
            watch.note(seen, at: .seconds(1)) { _, _ in count += 1 }
            return count
        }
        let first = AbuseWatch(policy(least: 3, action: .block))
        #expect(findings(first) == 0 && findings(first) == 0)
        #expect(findings(AbuseWatch(policy(least: 3, action: .quarantine), keeping: first)) == 1)
        #expect(findings(AbuseWatch(policy(least: 4, action: .block), keeping: first)) == 0)
        #expect(first.subjectCount == 1)
        first.forget(9, .address, classCount: 1)
        #expect(first.subjectCount == 0)
    }
}
