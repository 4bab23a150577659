internal import Vocabulary

extension PolicyDocument {
    /// One entry of `plans`.
    struct Plan {
        /// The name.
        var name: Located<String>
        /// The tenant's budget; `nil` if it could not be read.
        var tenant: BudgetSpecification?
        /// The lanes of classes.
        var lanes: [Lane] = []
        /// The budgets of operations.
        var operations: [OperationBudget] = []
        /// The calendar allowances.
        var quotas: [Located<Policy.Plan.Quota>] = []
        /// The features.
        var features: [Located<String>] = []
        /// The weight among the tenants that want seats, if stated.
        var weight: Located<Int64>?
        /// The time zone of its calendar, if stated.
        var zone: CalendarZone?

        /// The lane of a class.
        struct Lane {
            /// The class.
            var trafficClass: Located<String>
            /// The guaranteed rate.
            var guarantee: Located<Rate>?
            /// The burst of the guarantee.
            var burst: Located<Int64>?
            /// The limit on all the class spends.
            var ceiling: Located<Rate>?
            /// The burst of the ceiling.
            var ceilingBurst: Located<Int64>?

            /// The burst of the guarantee that holds; 0 without a guarantee.
            var guaranteeBurst: Int64 { guarantee.map { burst?.value ?? $0.value.amount } ?? 0 }
        }

        /// The budget of an operation.
        struct OperationBudget {
            /// The operation.
            var operation: Located<String>
            /// The rate.
            var rate: Located<Rate>
            /// The burst, if stated.
            var statedBurst: Located<Int64>?

            /// The burst that holds.
            var burst: Int64 { statedBurst?.value ?? rate.value.amount }
        }

        /// Decodes an entry; `nil` if it has no usable name.
        init?(_ pair: SourceNode.Pair, _ decoding: inout Decoding) {
            name = Located(pair.key.text, at: pair.key.span)
            guard decoding.check(name: name) else { return nil }
            let fields =
                decoding.fields(of: pair.value, .plan, owner: pair.key.span) ?? Fields(span: pair.key.span)
            tenant = fields["tenant"].flatMap {
                BudgetSpecification($0, of: "the tenant's budget", &decoding)
            }
            if let node = fields["classes"] {
                lanes = decoding.entries(of: node, "classes", max: Limit.classes).compactMap { Lane($0, &decoding) }
            }
            if let node = fields["operations"] {
                operations = decoding.entries(of: node, "operations", max: Limit.operationBudgets).compactMap {
                    OperationBudget($0, &decoding)
                }
            }
            quotas = fields["quotas"].map { Plan.quotas($0, &decoding) } ?? []
            features = fields["features"].map { decoding.names(of: $0, "features", max: Limit.features) } ?? []
            weight = fields["weight"].flatMap { decoding.number($0, "the weight of a plan", in: 1...Limit.weight) }
            zone = fields["timeZone"].flatMap { decoding.zone($0) }
            decoding.checkDescription(in: fields)
        }
    }
}

extension PolicyDocument.Plan.Lane {
    /// Decodes an entry of `classes` of a plan; `nil` if nothing in it can be used.
    init?(_ pair: SourceNode.Pair, _ decoding: inout Decoding) {
        trafficClass = Located(pair.key.text, at: pair.key.span)
        guard let fields = decoding.fields(of: pair.value, .lane, owner: pair.key.span) else { return nil }
        guarantee = fields["guarantee"].flatMap { decoding.rate($0) }
        burst = fields["burst"].flatMap { decoding.burst($0) }
        ceiling = fields["ceiling"].flatMap { decoding.rate($0) }
        ceilingBurst = fields["ceilingBurst"].flatMap { decoding.burst($0) }
        for (key, owner) in [("burst", "guarantee"), ("ceilingBurst", "ceiling")]
        where fields[key] != nil && fields[owner] == nil {
            decoding.error(
                .missingKey, "a `\(key)` belongs to a `\(owner)`, and there is none", at: fields.span(of: key),
                suggestion: "add `\(owner): …`, or remove `\(key)`")
        }
        guard fields["guarantee"] == nil, fields["ceiling"] == nil else { return }
        decoding.error(
            .missingKey, "the class \(trafficClass.value.quoted) gets neither a guarantee nor a ceiling here",
            at: fields.span,
            suggestion: "add `guarantee: 100/s` or `ceiling: 100/s`; a class that is not listed lives from the pool")
    }
}

extension PolicyDocument.Plan.OperationBudget {
    /// Decodes an entry of `operations` of a plan; `nil` if it has no usable rate.
    init?(_ pair: SourceNode.Pair, _ decoding: inout Decoding) {
        operation = Located(pair.key.text, at: pair.key.span)
        guard let fields = decoding.fields(of: pair.value, .operationBudget, owner: pair.key.span) else { return nil }
        statedBurst = fields["burst"].flatMap { decoding.burst($0) }
        guard let rate = fields["rate"].flatMap({ decoding.rate($0) }) else { return nil }
        self.rate = rate
    }
}
