import Policy
import Vocabulary

extension SnapshotDraft {
    /// A signing platform, with a second plan and the operations that matter to one.
    static var signing: SnapshotDraft {
        var draft = SnapshotDraft()
        draft.tiers = [
            Tier(
                name: "critical", reserveBasisPoints: 4_000,
                latency: [.init(permille: 950, below: .milliseconds(50))]),
            Tier(
                name: "business", reserveBasisPoints: 2_000, holdbackBasisPoints: 2_500,
                queue: .init(depthMax: 200, waitMax: .milliseconds(500))),
            Tier(
                name: "best-effort", holdbackBasisPoints: 5_000, concurrencyBasisPoints: 2_000,
                queue: .init(depthMax: 50, waitMax: .seconds(2))),
        ]
        draft.service = CeilingDraft(
            rates: [4_000, 5_000, 6_000].map { Rate(amount: $0, period: .second) }, burst: 4_000)
        draft.regions = ["eu-west-1": CeilingDraft(3_000)]
        draft.classes = signingClasses
        draft.operations = signingOperations
        draft.plans = [
            PlanDraft(
                name: "growth", tenant: CeilingDraft(300, burst: 600),
                lanes: [
                    "interactive": LaneDraft(guarantee: Rate(amount: 100, period: .second)),
                    "repair": LaneDraft(guarantee: Rate(amount: 30, period: .second)),
                    "export": LaneDraft(ceiling: CeilingDraft(60)),
                ],
                operations: ["export": CeilingDraft(40, burst: 40)],
                quotas: [.init(unit: .requests, amount: 5_000_000, period: .month)],
                features: ["webhooks", "bulk-send"]),
            PlanDraft(
                name: "starter", tenant: CeilingDraft(60, burst: 120),
                lanes: [
                    "interactive": LaneDraft(guarantee: Rate(amount: 20, period: .second)),
                    "repair": LaneDraft(guarantee: Rate(amount: 7, period: .seconds(3))),
                ],
                quotas: [.init(unit: .requests, amount: 500_000, period: .month)]),
        ]
        return draft
    }

    private static var signingClasses: [ClassDraft] {
        [
            ClassDraft(name: "interactive", tier: "business", consequence: .timeSensitive, owner: "web"),
            ClassDraft(
                name: "integration", tier: "best-effort", owner: "partners", backoff: true, stage: .shadow),
            ClassDraft(name: "export", tier: "best-effort", owner: "analytics"),
            ClassDraft(
                name: "repair", tier: "business", consequence: .repair, owner: "data-quality", isolated: true,
                mustNotCompete: ["integration"],
                onLimit: .init(reschedule: .seconds(30), escalateAfter: .seconds(600))),
            ClassDraft(
                name: "recovery", tier: "critical", consequence: .recovery, owner: "support", governed: true,
                onLimit: .init(fallback: "the support lead calls the platform's duty officer")),
        ]
    }

    private static var signingOperations: [OperationDraft] {
        [
            OperationDraft(
                name: "submit-signature", patterns: ["POST /v1/envelopes/{id}/signatures"], tier: "critical",
                idempotency: .required),
            OperationDraft(
                name: "verify-token", patterns: ["POST /v1/tokens/verify", "GET /v1/tokens/{id}"], tier: "critical"),
            OperationDraft(
                name: "envelope-status", patterns: ["GET /v1/envelopes/{id}"], tier: "business",
                rules: [
                    RuleDraft(
                        conditions: [.init(attribute: "workflow.stage", values: ["dormant"])], tier: "best-effort")
                ]),
            OperationDraft(name: "notify", patterns: ["POST /v1/notifications"], tier: "best-effort"),
            OperationDraft(
                name: "export", patterns: ["GET /v1/exports/**"], cost: 20, trafficClass: "export",
                feature: "bulk-send"),
        ]
    }
}
