extension MappingShape {
    /// A policy, or one document of a folder of them.
    static let policy = MappingShape(
        "a policy", required: ["headgate", "name", "owner", "tiers", "classes", "plans"],
        optional: [
            "description", "service", "regions", "seats", "defaults", "operations", "unknown", "idempotency",
            "stages", "descriptors", "abuse", "health", "governance", "tests",
        ])
    /// One entry of `tiers`.
    static let tier = MappingShape(
        "a tier", required: ["name"],
        optional: [
            "reserve", "latency", "concurrency", "kept", "floor", "tenantShare", "queue", "holdback",
            "nearMiss", "description",
        ])
    /// The bounds of a tier's queue.
    static let queue = MappingShape("a queue", required: ["depth", "wait"], optional: ["perTenant"])
    /// How many requests run and wait.
    static let seats = MappingShape("`seats`", optional: ["limit", "min", "first", "max", "waiting", "threshold"])
    /// A budget: `service`, an entry of `regions`, `tenant` of a plan.
    static let budget = MappingShape("a budget", optional: ["rate", "envelope", "burst"])
    /// The three ceilings of a budget.
    static let envelope = MappingShape("an envelope", required: ["baseline", "burst", "overload"])
    /// What holds where nothing else is said.
    static let defaults = MappingShape("`defaults`", optional: ["class", "timeZone"])
    /// One entry of `classes`.
    static let trafficClass = MappingShape(
        "a class", required: ["tier", "consequence", "owner"],
        optional: ["mustNotCompete", "isolated", "governed", "backoff", "nearMiss", "onLimit", "description"])
    /// What happens when work of a class is limited.
    static let onLimit = MappingShape("`onLimit`", optional: ["reschedule", "escalateAfter", "fallback"])
    /// One entry of `operations`.
    static let operation = MappingShape(
        "an operation",
        optional: ["match", "cost", "seats", "tier", "class", "feature", "idempotent", "when", "description"])
    /// The results of a rule in `when`; all its other keys are attributes.
    static let rule = MappingShape("a rule", optional: ["tier", "class", "cost"])
    /// One entry of `plans`.
    static let plan = MappingShape(
        "a plan", required: ["tenant"],
        optional: ["classes", "operations", "quotas", "timeZone", "features", "weight", "description"])
    /// The lane of a class in a plan.
    static let lane = MappingShape("a class of a plan", optional: ["guarantee", "burst", "ceiling", "ceilingBurst"])
    /// The budget of an operation in a plan.
    static let operationBudget = MappingShape("an operation of a plan", required: ["rate"], optional: ["burst"])
    /// The calendar allowances of a plan.
    static let quotas = MappingShape("`quotas`", optional: ["requests", "cost", "bytes"])
    /// One calendar allowance, where more is said of it than its amount.
    static let quota = MappingShape("a quota", required: ["amount"], optional: ["warnAt"])
    /// The same of bytes.
    static let byteQuota = MappingShape("a quota of bytes", required: ["amount"], optional: ["warnAt"])
    /// How far tenants may be let deviate from their plans.
    static let governance = MappingShape(
        "`governance`", optional: ["exemption", "trial", "factor", "review", "plans"])
    /// The bounds of exemptions.
    static let exemptionBounds = MappingShape("`exemption`", optional: ["factor", "length"])
    /// The bounds of one plan.
    static let planBounds = MappingShape("the bounds of a plan", optional: ["factor", "review", "exceptions"])
    /// What happens to requests that the policy does not know.
    static let unknown = MappingShape("`unknown`", optional: ["credential", "operation", "cost", "rate", "burst"])
    /// What happens to requests that repeat an idempotency key.
    static let idempotency = MappingShape(
        "`idempotency`",
        optional: ["window", "entries", "bytes", "body", "repeats", "concurrent", "interrupted", "stored"])
    /// How far each class is enforced.
    static let stages = MappingShape("`stages`", optional: ["default", "order", "classes", "blackouts"])
    /// One entry of `stages.blackouts`.
    static let blackout = MappingShape(
        "a blackout", required: ["from", "to", "stage"], optional: ["classes", "days", "reason"])
    /// One entry of `descriptors`.
    static let domain = MappingShape("a domain", optional: ["keys", "limits"])
    /// What a key of a descriptor means, if that is an attribute.
    static let keyMeaning = MappingShape("a meaning", required: ["attribute"])
    /// One entry of `limits` of a domain, or of another limit.
    static let descriptorLimit = MappingShape(
        "a limit", required: ["key"],
        optional: [
            "value", "rate", "burst", "requests", "unit", "unlimited", "stage", "name", "replaces", "shared", "limits",
        ])
    /// What is done about abuse.
    static let abuse = MappingShape("`abuse`", optional: ["rules", "appeal", "stepUp", "prefixes"])
    /// What a challenge asks for.
    static let stepUp = MappingShape("`stepUp`", optional: ["acrValues", "maxAge"])
    /// How long prefixes of addresses are.
    static let prefixes = MappingShape("`prefixes`", optional: ["ipv4", "ipv6"])
    /// One entry of `abuse.rules`.
    static let abuseRule = MappingShape(
        "a rule against abuse", required: ["detect", "subject", "action"],
        optional: [
            "for", "stage", "spareTiers", "spareClasses", "window", "least", "history", "factor", "of", "share",
            "grace", "distinct", "learn", "memory", "description",
        ])
    /// What is known of the health of the system behind.
    static let health = MappingShape(
        "`health`", optional: ["signals", "upstream", "settle", "shed", "tenantErrors"])
    /// One entry of `health.signals`.
    static let healthSignal = MappingShape("a signal", optional: ["steady", "stressed", "overloaded", "absent"])
    /// What the answers of the system itself say.
    static let upstreamHealth = MappingShape("`upstream`", optional: ["errors", "slowdown"])
    /// When too many requests of a tenant fail.
    static let tenantErrors = MappingShape("`tenantErrors`", optional: ["share", "least", "window"])
    /// One entry of `tests`.
    static let test = MappingShape("a test", required: ["request", "expect"], optional: ["name"])
    /// What a test asks.
    static let request = MappingShape(
        "a request",
        optional: [
            "method", "path", "operation", "plan", "claim", "principalClasses", "credential", "attributes",
            "descriptor",
        ])
    /// A descriptor that a test asks with.
    static let testDescriptor = MappingShape("a descriptor", required: ["domain", "entries"])
    /// What a test expects.
    static let expectation = MappingShape(
        "an expectation", optional: ["operation", "class", "tier", "cost", "reason", "stage", "limit"])

    /// All shapes of the language, for documentation and tests.
    package static let language = [
        policy, tier, queue, seats, budget, envelope, defaults, trafficClass, onLimit, operation, rule, plan, lane,
        operationBudget, quotas, quota, byteQuota, governance, exemptionBounds, planBounds, unknown, idempotency,
        stages, blackout, domain, keyMeaning, descriptorLimit, abuse,
        stepUp, prefixes, abuseRule, health, healthSignal, upstreamHealth, tenantErrors, test, request, testDescriptor,
        expectation,
    ]
}
