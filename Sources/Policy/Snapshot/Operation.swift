/// One operation: a named kind of call.
package struct Operation: Hashable, Sendable {
    /// The name.
    package let name: String
    /// The patterns as the policy states them: `POST /v1/envelopes/{id}/signatures`.
    package let patterns: [String]
    /// Cost units of one call.
    package let cost: Int64
    /// Seats that one call takes while it runs.
    package let seats: Int64
    /// The tier of its work, if it states one; else the class's tier holds.
    package let tier: Int?
    /// The class of its work, if it states one.
    package let trafficClass: Int?
    /// The feature a tenant's plan must have.
    package let feature: String?
    /// Whether callers send an `Idempotency-Key`.
    package let idempotency: Idempotency
    /// Rules on attributes; the first whose conditions all hold decides.
    package let rules: [ContextRule]

    /// Whether repeats of a call are recognised.
    package enum Idempotency: UInt8, Sendable {
        /// Keys are ignored.
        case none
        /// A key is honoured when it is there.
        case optional
        /// A call without a key is refused.
        case required
    }

    /// A rule on attributes.
    package struct ContextRule: Hashable, Sendable {
        /// All of these must hold: the attribute has one of the values.
        package let conditions: [Condition]
        /// The tier instead, if stated.
        package let tier: Int?
        /// The class instead, if stated.
        package let trafficClass: Int?
        /// The cost instead, if stated.
        package let cost: Int64?

        /// States a rule.
        package init(conditions: [Condition], tier: Int? = nil, trafficClass: Int? = nil, cost: Int64? = nil) {
            self.conditions = conditions
            self.tier = tier
            self.trafficClass = trafficClass
            self.cost = cost
        }
    }

    /// One attribute and the values that satisfy the rule.
    package struct Condition: Hashable, Sendable {
        /// The attribute's name: `workflow.stage`.
        package let attribute: String
        /// The values, sorted.
        package let values: [String]

        /// States a condition.
        package init(attribute: String, values: [String]) {
            self.attribute = attribute
            self.values = values
        }
    }

    /// States an operation.
    package init(
        name: String, patterns: [String] = [], cost: Int64 = 1, seats: Int64 = 1, tier: Int? = nil,
        trafficClass: Int? = nil, feature: String? = nil, idempotency: Idempotency = .optional,
        rules: [ContextRule] = []
    ) {
        self.name = name
        self.patterns = patterns
        self.cost = cost
        self.seats = seats
        self.tier = tier
        self.trafficClass = trafficClass
        self.feature = feature
        self.idempotency = idempotency
        self.rules = rules
    }
}
