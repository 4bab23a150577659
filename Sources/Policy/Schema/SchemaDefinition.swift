internal import Vocabulary

/// The parts of the language that occur in more than one place, or that deserve a name in an editor.
enum SchemaDefinition: String, CaseIterable {
    case name, text, line, rate, duration, percentage, burst, cost, quota, byteQuota, timeZone
    case budget, stage, tierName, className
    case tier, trafficClass, operation, rule, plan, lane, blackout, domain, descriptorLimit, abuseRule, test

    /// What the part may be.
    var node: SchemaNode {
        switch self {
        case .name: .text(pattern: SchemaPattern.name)
        case .text: .text(pattern: SchemaPattern.words, lengthMax: Decoding.textLengthMax)
        case .line: .text(pattern: SchemaPattern.line, lengthMax: Decoding.textLengthMax)
        case .rate: .text(pattern: SchemaPattern.rate)
        case .duration: .text(pattern: SchemaPattern.duration)
        case .percentage: .text(pattern: SchemaPattern.percentage)
        case .burst: .wholeNumber(1...Int64.max)
        case .cost: .wholeNumber(1...PolicyDocument.Limit.cost)
        case .quota: PolicySchema.quota(SchemaPattern.quota)
        case .byteQuota: PolicySchema.quota(SchemaPattern.byteQuota)
        case .timeZone: .choice(CalendarZone.all.map(\.name))
        case .budget: .object(PolicySchema.budget)
        case .stage: .choice(PolicySchema.stageWords)
        case .tierName: .text(pattern: SchemaPattern.tierName)
        case .className: .reference(.name)
        case .tier: .object(PolicySchema.tier)
        case .trafficClass: .object(PolicySchema.trafficClass)
        case .operation: .object(PolicySchema.operation)
        case .rule: .object(PolicySchema.rule)
        case .plan: .object(PolicySchema.plan)
        case .lane: .object(PolicySchema.lane)
        case .blackout: .object(PolicySchema.blackout)
        case .domain: .object(PolicySchema.domain)
        case .descriptorLimit: .object(PolicySchema.descriptorLimit)
        case .abuseRule: .object(PolicySchema.abuseRule)
        case .test: .object(PolicySchema.test)
        }
    }

    /// What the part is, for editors.
    var description: String {
        switch self {
        case .name: "A name: letters, digits, `-`, `_` and `.`, beginning with a letter or a digit."
        case .text: "Free text."
        case .line: "Free text in one line."
        case .rate: "An amount per period, in cost units: `300/s`, `7/3s`, `1000/min`, `100000/day`."
        case .duration: "A length of time: `500ms`, `30s`, `10m`, `2h`, `1d`."
        case .percentage: "A share: `40%`, `12.5%`."
        case .burst: "How many cost units a full bucket holds: what may come at once."
        case .cost: "Cost units that one call takes from every budget."
        case .quota: "An allowance per calendar period: `5000000/month`, or with the shares at which it warns."
        case .byteQuota: "An allowance of bytes per calendar period: `10GB/day`, or with the shares at which it warns."
        case .timeZone: "A time zone by its name in the IANA database."
        case .budget: "An amount per time: one `rate`, or an `envelope` of three."
        case .stage:
            "How the policy is applied: `observe` counts, `shadow` decides and admits, `advise` also tells the "
                + "caller, `enforce` means it."
        case .tierName: "The name of a tier of this policy."
        case .className: "The name of a class of this policy."
        case .tier: "One tier: priority by consequence of failure."
        case .trafficClass: "One class: a kind of work inside a tenant with a budget of its own."
        case .operation: "One operation: a named kind of call."
        case .rule:
            "A rule on attributes. Every key but `tier`, `class` and `cost` is an attribute with the value, or the "
                + "values, that it must have."
        case .plan: "One plan: limits, quotas and features that tenants buy."
        case .lane: "What a class gets in this plan. A class that is not listed lives from what the others leave."
        case .blackout: "Hours of the week, in UTC, in which a milder stage holds."
        case .domain:
            "One domain of Envoy's rate limit protocol: either what its keys mean, or limits of its own."
        case .descriptorLimit:
            "A limit for descriptors whose last entry has this key and value, or a step on the way to one."
        case .abuseRule: "A rule: whom it looks at, what it takes for a sign of abuse, and what follows."
        case .test: "A request, and what the policy must make of it. `headgate policy test` runs it."
        }
    }
}
