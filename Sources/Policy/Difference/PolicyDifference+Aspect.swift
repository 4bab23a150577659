extension PolicyDifference {
    /// Which fact a line compares.
    package struct Aspect: Hashable, Sendable {
        /// The stable name in documents.
        package let code: String
        /// The words in texts.
        package let words: String
        /// What the fact is about where a policy has many of its kind: the name of a feature, the percentile of a
        /// promise.
        package let detail: String?

        private init(_ code: String, _ words: String, detail: String? = nil) {
            self.code = code
            self.words = words
            self.detail = detail
        }
    }
}

extension PolicyDifference.Aspect {
    static let presence = Self("presence", "is there")
    static let name = Self("name", "name")
    static let owner = Self("owner", "owner")
    static let defaultClass = Self("default-class", "class of requests that name none")
    static let stageOrder = Self("stage-order", "order in which classes graduate")

    static let ceiling = Self("ceiling", "ceiling")
    static let ceilingBaseline = Self("ceiling-baseline", "ceiling, baseline")
    static let ceilingBurst = Self("ceiling-burst", "ceiling, burst")
    static let ceilingOverload = Self("ceiling-overload", "ceiling, overload")
    static let burst = Self("burst", "at once")
    static let pool = Self("pool", "shared pool")
    static let poolBurst = Self("pool-burst", "shared pool, at once")
    static let reserve = Self("reserve", "reserve")
    static let reserveBurst = Self("reserve-burst", "reserve, at once")

    static let guarantee = Self("guarantee", "guarantee")
    static let guaranteeBurst = Self("guarantee-burst", "guarantee, at once")
    static let classCeiling = Self("class-ceiling", "ceiling")
    static let classCeilingBurst = Self("class-ceiling-burst", "ceiling, at once")
    static let atLeast = Self("at-least", "gets at least")
    static let atMost = Self("at-most", "gets at most")
    static let operationBudget = Self("operation-budget", "own budget")
    static let operationBurst = Self("operation-budget-burst", "own budget, at once")
    static let callsAtMost = Self("calls-at-most", "calls at most")
    static let entitled = Self("entitled", "may be called")

    static let tier = Self("tier", "tier")
    static let consequence = Self("consequence", "consequence")
    static let isolated = Self("isolated", "isolated")
    static let governed = Self("governed", "only for callers that list it")
    static let backoff = Self("backoff", "answers advertise how to pace")
    static let mustNotCompete = Self("must-not-compete", "must not compete with")
    static let reschedule = Self("reschedule", "when limited, tries again after")
    static let escalateAfter = Self("escalate-after", "when limited, a person is told after")
    static let fallback = Self("fallback", "when limited, falls back to")
    static let stage = Self("stage", "stage")
    static let blackouts = Self("blackouts", "blackouts")

    static let cost = Self("cost", "cost of one call")
    static let trafficClass = Self("class", "class")
    static let neededFeature = Self("needed-feature", "feature it needs")
    static let idempotency = Self("idempotency", "idempotency key")
    static let patterns = Self("patterns", "matches")
    static let rules = Self("rules", "its rules, in order")

    static let position = Self("position", "place in the order of protection")
    static let reserveShare = Self("reserve-share", "reserved share")
    static let holdback = Self("holdback", "share of the pool left to others")
    static let nearMiss = Self("near-miss", "a near miss is less left than")
    static let concurrency = Self("concurrency", "share of the seats")
    static let queueDepth = Self("queue-depth", "requests that may wait")
    static let queueWait = Self("queue-wait", "longest wait")
    static let queuePerTenant = Self("queue-per-tenant", "requests of one tenant that may wait")
    static let kept = Self("kept", "share of the reserve of seats that is never lent")
    static let floor = Self("floor", "share of what starts while others wait")
    static let tenantShare = Self("tenant-share", "share of the seats for one tenant")
    static let seatLimit = Self("seat-limit", "limit of seats")
    static let waiting = Self("waiting", "requests that may wait in all")
    static let threshold = Self("threshold", "threshold for who may wait")
    static let weight = Self("weight", "weight among those who want seats")
    static let seats = Self("seats", "seats of one call")

    static let meaning = Self("meaning", "means")
    static let countedKeys = Self("counted-keys", "counts apart by")
    static let replaces = Self("replaces", "replaces")

    static let credential = Self("unknown-credential", "callers without a known credential")
    static let operation = Self("unknown-operation", "requests that match no operation")
    static let quarantine = Self("quarantine", "quarantine")
    static let quarantineBurst = Self("quarantine-burst", "quarantine, at once")

    static let window = Self("repeat-window", "remembered for")
    static let keyCount = Self("repeat-keys", "keys of one tenant")
    static let answerBytes = Self("repeat-bytes", "bytes of one tenant's answers")
    static let answerBodyBytes = Self("repeat-body", "bytes of one answer")
    static let freeRepeats = Self("free-repeats", "repeats that are not charged")
    static let concurrentRepeats = Self("concurrent-repeats", "while the first is running")
    static let interrupted = Self("interrupted-requests", "after the first was interrupted")
    static let storedAnswers = Self("stored-answers", "answers that are stored")

    static let appeal = Self("appeal", "way to appeal")
    static let stepUp = Self("step-up", "what a challenge asks for")
    static let prefixes = Self("prefixes", "bits of a prefix")
    static let sign = Self("sign", "sign of abuse")
    static let action = Self("action", "what follows")
    static let lasts = Self("lasts", "for how long")
    static let spares = Self("spares", "leaves alone")

    static let signalMeaning = Self("signal", "means")
    static let upstreamHealth = Self("upstream-health", "what answers say")
    static let settle = Self("settle", "better only after")
    static let shed = Self("shed", "let go while overloaded")
    static let tenantErrors = Self("tenant-errors", "tenants with failures have the baseline only")

    static let timeZone = Self("time-zone", "time zone of its calendar")
    static let exemptionFactor = Self("exemption-factor", "largest factor of an exemption")
    static let exemptionLength = Self("exemption-length", "longest exemption")
    static let trialLength = Self("trial-length", "longest trial")
    static let grantFactor = Self("grant-factor", "most that grants may add up to")
    static let review = Self("review", "an override is looked at again within")
    static let exceptions = Self("exceptions", "tenants that may have grants at once")

    /// The shares of a quota at which somebody is told.
    static func quotaWarnings(_ name: String) -> Self {
        Self("quota-warnings", "warnings of the quota of \(name)", detail: name)
    }
    /// A feature of a plan.
    static func feature(_ name: String) -> Self { Self("feature", "feature \(name)", detail: name) }
    /// A calendar allowance.
    static func quota(_ name: String) -> Self { Self("quota", "quota of \(name)", detail: name) }
    /// A promise of latency at a percentile such as `p95`.
    static func latency(_ percentile: String) -> Self {
        Self("latency", "promised \(percentile) latency", detail: percentile)
    }
    /// One part of a rule of an operation.
    static func rule(_ part: PolicyDifference.Aspect, when condition: String) -> Self {
        Self("rule-\(part.code)", "\(part.words) when \(condition)", detail: condition)
    }
}
