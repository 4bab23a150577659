/// Why a decision fell as it did; the codes of design §8.2, which are stable interface.
package enum Reason: UInt8, CaseIterable, Sendable {
    case withinGuarantee, borrowed, withinLimit, exempted, idempotentReplay, stageNotEnforcing, failOpen
    case serviceSaturated, regionSaturated, tenantCeiling, classBudget, operationBudget, quotaExhausted
    case descriptorLimit, costExceedsBurst
    case concurrencyLimit, queueFull, queueTimeout, clientClosed, memoryExhausted, overloadProtection
    case unknownCredential, credentialRevoked, unclassified, classNotAllowed, tenantSuspended, notEntitled,
        regionNotAllowed
    case abuseSuspected, quarantined, stepUpRequired
    case keyMissing, keyMalformed, keyInUse, keyMismatch, keyInterrupted, answerNotKept
    case failClosed
    case tenantsFull

    /// The code on the wire, in metrics and in records.
    package var code: String {
        switch self {
        case .withinGuarantee: "within_guarantee"
        case .borrowed: "borrowed"
        case .withinLimit: "within_limit"
        case .exempted: "exempted"
        case .idempotentReplay: "idempotent_replay"
        case .stageNotEnforcing: "stage_not_enforcing"
        case .failOpen: "fail_open"
        case .serviceSaturated: "service_saturated"
        case .regionSaturated: "region_saturated"
        case .tenantCeiling: "tenant_ceiling"
        case .classBudget: "class_budget"
        case .operationBudget: "operation_budget"
        case .quotaExhausted: "quota_exhausted"
        case .descriptorLimit: "descriptor_limit"
        case .costExceedsBurst: "cost_exceeds_burst"
        case .concurrencyLimit: "concurrency_limit"
        case .queueFull: "queue_full"
        case .queueTimeout: "queue_timeout"
        case .clientClosed: "client_closed"
        case .memoryExhausted: "memory_exhausted"
        case .overloadProtection: "overload_protection"
        case .unknownCredential: "unknown_credential"
        case .credentialRevoked: "credential_revoked"
        case .unclassified: "unclassified"
        case .classNotAllowed: "class_not_allowed"
        case .tenantSuspended: "tenant_suspended"
        case .notEntitled: "not_entitled"
        case .regionNotAllowed: "region_not_allowed"
        case .abuseSuspected: "abuse_suspected"
        case .quarantined: "quarantined"
        case .stepUpRequired: "step_up_required"
        case .keyMissing: "key_missing"
        case .keyMalformed: "key_malformed"
        case .keyInUse: "key_in_use"
        case .keyMismatch: "key_mismatch"
        case .keyInterrupted: "key_interrupted"
        case .answerNotKept: "answer_not_kept"
        case .failClosed: "fail_closed"
        case .tenantsFull: "tenants_full"
        }
    }

    /// Finds a reason by its code.
    package init?(code: String) {
        guard let match = Reason.allCases.first(where: { $0.code == code }) else { return nil }
        self = match
    }

    /// The outcome this reason leads to where a class is enforced.
    ///
    /// Throttle (429) is the caller's doing, shed (503) is ours, block (401, 403) is about who or what it is.
    package var outcome: Outcome {
        switch self {
        case .withinGuarantee, .borrowed, .withinLimit, .exempted, .idempotentReplay, .stageNotEnforcing, .failOpen:
            .admit
        case .tenantCeiling, .classBudget, .operationBudget, .quotaExhausted, .descriptorLimit, .costExceedsBurst,
            .quarantined:
            .throttle
        case .serviceSaturated, .regionSaturated, .concurrencyLimit, .queueFull, .queueTimeout, .clientClosed,
            .memoryExhausted, .overloadProtection, .failClosed, .tenantsFull:
            .shed
        case .unknownCredential, .credentialRevoked, .unclassified, .classNotAllowed, .tenantSuspended, .notEntitled,
            .regionNotAllowed, .abuseSuspected, .keyMissing, .keyMalformed, .keyInUse, .keyMismatch, .keyInterrupted,
            .answerNotKept:
            .block
        case .stepUpRequired: .challenge
        }
    }

    /// One plain sentence for people.
    package var summary: String {
        switch self {
        case .withinGuarantee: "The class had its own guaranteed budget left."
        case .borrowed: "The class borrowed from what the others did not use."
        case .withinLimit: "The limit that the policy states for this descriptor had enough left."
        case .exempted: "An exemption lifts this limit for now."
        case .idempotentReplay: "The request repeats one with the same idempotency key and is not charged again."
        case .stageNotEnforcing: "Enforcement would have refused this; the class is not enforced yet."
        case .failOpen: "A part of the limiter was down and policy lets this work through."
        case .serviceSaturated: "The whole service has no capacity left for work of this tier."
        case .regionSaturated: "The region has no capacity left for work of this tier."
        case .tenantCeiling: "The tenant has spent its ceiling."
        case .classBudget: "The class has spent its budget inside the tenant."
        case .operationBudget: "The tenant has spent its budget for this operation."
        case .quotaExhausted: "The tenant has used up its quota for this calendar period."
        case .descriptorLimit: "The limit that the policy states for this descriptor is spent."
        case .costExceedsBurst: "The request costs more than the budget can ever hold."
        case .concurrencyLimit: "Too many requests of this kind are running."
        case .queueFull: "The queue for this work is full."
        case .queueTimeout: "The request waited as long as it may."
        case .clientClosed: "The client left while its request waited."
        case .memoryExhausted: "The memory for requests that wait with their bodies was full."
        case .overloadProtection: "The service protects more important work."
        case .unknownCredential: "The credential is missing or not known."
        case .credentialRevoked: "The credential was revoked."
        case .unclassified: "No operation of the policy matches this request."
        case .classNotAllowed: "The caller may not do work of this class."
        case .tenantSuspended: "The tenant is suspended."
        case .notEntitled: "The tenant's plan does not include this feature."
        case .regionNotAllowed: "The tenant may not use this region."
        case .abuseSuspected: "The traffic looks like abuse."
        case .quarantined: "The caller or the request is in quarantine, whose budget is spent."
        case .stepUpRequired: "The caller must authenticate more strongly first."
        case .keyMissing: "The operation needs an idempotency key, and the request has none."
        case .keyMalformed: "The idempotency key cannot be read."
        case .keyInUse: "A request with the same idempotency key is still running."
        case .keyMismatch: "The idempotency key was used for another request."
        case .keyInterrupted:
            "A request with the same idempotency key was interrupted; nobody knows whether it was carried out."
        case .answerNotKept: "The same request was carried out already, and its answer was not kept."
        case .failClosed: "A part of the limiter was down and policy refuses this work meanwhile."
        case .tenantsFull:
            "The limiter keeps as many tenants and counters in memory as it may; there was no room for one more."
        }
    }
}
