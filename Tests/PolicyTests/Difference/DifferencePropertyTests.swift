import Policy
import Testing

/// What holds for the difference of any two policies.
@Suite struct DifferencePropertyTests {
    @Test func `a policy does not differ from itself, however it was made`() throws {
        for seed in UInt64(0)..<200 {
            let first = try SnapshotDraft.drawn(seed: seed).snapshot()
            let second = try SnapshotDraft.drawn(seed: seed).snapshot()
            let difference = PolicyDifference(from: first, to: second)
            #expect(difference.lines.isEmpty, "seed \(seed)")
            #expect(first.version == second.version, "seed \(seed)")
        }
    }

    @Test func `turned round, every gain is a loss of the same size`() throws {
        for seed in UInt64(0)..<200 {
            let first = try SnapshotDraft.drawn(seed: seed).snapshot()
            let second = try SnapshotDraft.drawn(seed: seed + 1_000).snapshot()
            let there = PolicyDifference(from: first, to: second)
            let back = PolicyDifference(from: second, to: first)
            #expect(!there.isEmpty, "seed \(seed)")
            #expect(Set(there.lines.map(Fact.init)) == Set(back.lines.map { Fact($0).mirrored }), "seed \(seed)")
            #expect(there.lines.count == back.lines.count, "seed \(seed)")
        }
    }

    @Test func `a line is about one fact, which really differs`() throws {
        for seed in UInt64(0)..<200 {
            let difference = try SnapshotDraft.drawnDifference(seed: seed)
            #expect(difference.lines.allSatisfy { $0.old != $0.new }, "seed \(seed)")
            let facts = difference.lines.map { Key(subject: $0.subject, aspect: $0.aspect) }
            #expect(Set(facts).count == facts.count, "seed \(seed)")
        }
    }

    @Test func `texts fit 120 columns and have no trailing spaces`() throws {
        for seed in UInt64(0)..<100 {
            let snapshot = try SnapshotDraft.drawn(seed: seed).withLongNames.snapshot()
            let other = try SnapshotDraft.drawn(seed: seed + 1_000).withLongNames.snapshot()
            let texts = [
                PolicyDifference(from: snapshot, to: other).text, PolicyExplanation(snapshot).text,
                OverloadExplanation(snapshot).text,
            ]
            for line in texts.flatMap({ $0.split(separator: "\n") }) {
                #expect(line.count <= 120 && line.last != " ", "seed \(seed): \(line)")
            }
        }
    }
}

/// What a line is about.
private struct Key: Hashable {
    var subject: PolicyDifference.Subject
    var aspect: PolicyDifference.Aspect
}

/// A line without its note, which looks at one direction only.
private struct Fact: Hashable {
    var subject: PolicyDifference.Subject
    var aspect: PolicyDifference.Aspect
    var old: PolicyDifference.Value
    var new: PolicyDifference.Value
    var verdict: PolicyDifference.Verdict
    var isProtected: Bool

    init(_ line: PolicyDifference.Line) {
        subject = line.subject
        aspect = line.aspect
        old = line.old
        new = line.new
        verdict = line.verdict
        isProtected = line.isProtected
    }

    var mirrored: Fact {
        var fact = self
        swap(&fact.old, &fact.new)
        fact.verdict = verdict.mirrored
        return fact
    }
}

extension SnapshotDraft {
    static func drawnDifference(seed: UInt64) throws -> PolicyDifference {
        PolicyDifference(
            from: try SnapshotDraft.drawn(seed: seed).snapshot(),
            to: try SnapshotDraft.drawn(seed: seed + 1_000).snapshot())
    }

    /// The same policy with operations and plans whose names are as long as names may be.
    fileprivate var withLongNames: SnapshotDraft {
        var draft = self
        let tail = String(repeating: "x", count: 50)
        for index in draft.operations.indices {
            for plan in draft.plans.indices {
                let meter = draft.plans[plan].operations.removeValue(forKey: draft.operations[index].name)
                draft.plans[plan].operations[draft.operations[index].name + tail] = meter
            }
            draft.operations[index].name += tail
            draft.operations[index].patterns.append("POST /" + String(repeating: "segment/", count: 40) + "\(index)")
        }
        for index in draft.plans.indices { draft.plans[index].name += tail }
        return draft
    }
}
