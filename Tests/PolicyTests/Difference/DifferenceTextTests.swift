import Policy
import Testing
import Vocabulary

@Suite struct DifferenceTextTests {
    @Test func `an edited policy says who gains and who loses`() throws {
        let difference = PolicyDifference(
            from: try SnapshotDraft.signing.snapshot(), to: try SnapshotDraft.signingEdited.snapshot())
        try expectRecorded(difference.text, as: "difference.txt")
        try expectRecorded(difference.json.document, as: "difference.json")
    }

    @Test func `a policy compared with itself differs in nothing`() throws {
        let snapshot = try SnapshotDraft.signing.snapshot()
        let difference = PolicyDifference(from: snapshot, to: snapshot)
        #expect(difference.isEmpty)
        #expect(difference.text == "No difference: both policies are \(snapshot.version).\n")
    }
}

extension SnapshotDraft {
    /// The signing platform after a typical afternoon of edits.
    static var signingEdited: SnapshotDraft {
        var draft = signing
        draft.plans[1].tenant = CeilingDraft(30, burst: 120)
        draft.plans[1].lanes["interactive"] = LaneDraft(guarantee: Rate(amount: 10, period: .second))
        draft.plans[0].lanes["repair"] = LaneDraft(guarantee: Rate(amount: 50, period: .second))
        draft.plans[0].features = ["webhooks"]
        draft.plans[0].quotas = []
        draft.operations[4].cost = 40
        draft.operations[2].patterns = ["GET /v1/envelopes/{id}", "HEAD /v1/envelopes/{id}", "POST /v1/notifications"]
        draft.operations[2].rules = []
        draft.operations[3].patterns = ["POST /v2/notifications"]
        draft.operations[0].tier = "business"
        draft.classes[1].stage = .enforce
        draft.tiers[1] = Tier(
            name: "business", reserveBasisPoints: 1_000, holdbackBasisPoints: 2_500,
            queue: .init(depthMax: 400, waitMax: .milliseconds(500)))
        draft.unknown.credential = .quarantine
        draft.regions["us-east-1"] = CeilingDraft(2_000)
        return draft
    }
}
