/// What happens to requests that the policy does not know.
package struct UnknownTreatment: Hashable, Sendable {
    /// What happens to callers without a known credential.
    package let credential: Treatment
    /// What happens to requests of known callers that no operation matches.
    package let operation: Treatment
    /// What such a request costs.
    package let cost: Int64
    /// The one budget that all quarantined requests of all callers share.
    package let quarantine: Meter

    /// Refuse, or let through a narrow gate.
    package enum Treatment: UInt8, Sendable {
        /// Refuse.
        case block
        /// Admit in the quarantine tier, inside the quarantine's budget.
        case quarantine
    }

    /// States the treatment.
    package init(credential: Treatment, operation: Treatment, cost: Int64, quarantine: Meter) {
        self.credential = credential
        self.operation = operation
        self.cost = cost
        self.quarantine = quarantine
    }
}
