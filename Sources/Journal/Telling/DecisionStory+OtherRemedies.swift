internal import Vocabulary

extension DecisionStory {
    /// What would have helped against a refusal that is about the service's state.
    func schedulerRemedy(_ obstacle: Reason) -> Remedy? {
        switch obstacle {
        case .concurrencyLimit: Remedy(code: .wait, text: "Once one of the running requests had finished.")
        case .queueFull: Remedy(code: .wait, text: "Once the queue of tier \(record.tier) had room.")
        case .queueTimeout:
            Remedy(code: .wait, text: "If a seat had become free within the \(record.wait.inWords) it waited.")
        case .clientClosed:
            Remedy(
                code: .wait,
                text: "If its client had waited longer than \(record.wait.inWords), or a seat had become free before.")
        case .memoryExhausted: Remedy(code: .wait, text: "Once others that wait had been given their seats.")
        case .overloadProtection:
            Remedy(code: .tier, text: "If its work had been of a more protected tier than \(record.tier).")
        case .failClosed: Remedy(code: .policy, text: "If the policy let this work through while a part is down.")
        case .tenantsFull:
            Remedy(
                code: .policy,
                text:
                    "With more room: `serve --tenant-capacity` says how many tenants and counters are kept. Limits by "
                    + "keys with fewer values, or over shorter times, need less of it.")
        default: nil
        }
    }

    /// What would have helped against a refusal that is about who asked for what.
    func callerRemedies(_ obstacle: Reason) -> [Remedy] {
        switch obstacle {
        case .unknownCredential:
            [caller("With a key that the directory knows, as `Authorization: Bearer …` or `X-API-Key: …`.")]
        case .credentialRevoked: [caller("With a key of \(principal) that is not revoked.")]
        case .stepUpRequired: [caller("With a token from a stronger or more recent authentication.")]
        case .abuseSuspected, .quarantined: [caller("If the caller and its request had been known and trusted.")]
        case .tenantSuspended: [caller("If \(tenant) were not suspended in the directory.")]
        case .notEntitled: [caller("If the plan of \(tenant) had the feature that \(operation) needs.")]
        case .classNotAllowed:
            [
                caller("If the directory allowed \(principal) the class \(trafficClass)."),
                Remedy(code: .request, text: "If the request were work of a class that \(principal) may do."),
            ]
        case .regionNotAllowed:
            [Remedy(code: .request, text: "In a region that the tenant may use\(refusedRegion).")]
        case .unclassified: [Remedy(code: .policy, text: matchingOperation)]
        case .keyMissing: [request("With an idempotency key of its own, in the field `Idempotency-Key`.")]
        case .keyMalformed: [request("With an idempotency key that is one string in quotes, such as a UUID.")]
        case .keyMismatch: [request("With an idempotency key that no other request has had.")]
        case .keyInUse: [Remedy(code: .wait, text: "Once the first request with the key had been answered.")]
        case .keyInterrupted, .answerNotKept:
            [request("With a new idempotency key, once it is known that the work was not done.")]
        default: []
        }
    }

    private func request(_ text: String) -> Remedy { Remedy(code: .request, text: text) }
    private func caller(_ text: String) -> Remedy { Remedy(code: .caller, text: text) }

    private var principal: String { record.principal.map { "principal \($0)" } ?? "its principal" }
    private var tenant: String { record.tenant.map { "tenant \($0)" } ?? "its tenant" }
    private var operation: String { record.operation.map { "operation \($0)" } ?? "the operation" }
    private var trafficClass: String { record.trafficClass ?? record.claim?.trafficClass ?? "of this request" }
    private var refusedRegion: String { record.region.map { ", which \($0) is not" } ?? "" }
    private var matchingOperation: String {
        "If an operation of the policy matched \(record.method) \(record.path), or unknown operations were quarantined "
            + "in place of blocked."
    }
}
