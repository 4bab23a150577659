internal import Vocabulary

extension CanonicalEncoding {
    /// Writes what is done about abuse; a policy without that section is written as it was before there was one.
    mutating func abuse(_ abuse: AbusePolicy, tiers: [Tier], classes: [TrafficClass]) {
        text("abuse")
        list(abuse.rules) { $0.rule($1, tiers: tiers, classes: classes) }
        optional(abuse.appeal) { $0.text($1) }
        optional(abuse.stepUp.acrValues) { $0.text($1) }
        optional(abuse.stepUp.maxAgeSeconds) { $0.number($1) }
        number(abuse.prefixBitsIPv4)
        number(abuse.prefixBitsIPv6)
    }

    private mutating func rule(_ rule: AbuseRule, tiers: [Tier], classes: [TrafficClass]) {
        text(rule.name)
        text(rule.subject.name)
        text(rule.detection.word)
        list(rule.detection.numbers) { $0.number($1) }
        text(rule.action.name)
        number(rule.lasts.count)
        text(rule.stage.name)
        set(rule.sparedTiers) { $0.text(tiers[$1].name) }
        set(rule.sparedClasses) { $0.text(classes[$1].name) }
    }
}

extension AbuseRule.Detection {
    /// Everything it says, in a fixed order.
    fileprivate var numbers: [Int64] {
        switch self {
        case .spike(let spike): [spike.window.count, spike.history.count, spike.factor, spike.least]
        case .errors(let errors):
            [Int64(errors.kind.rawValue), errors.window.count, errors.shareBasisPoints, errors.least]
        case .earlyRetry(let retry): [retry.window.count, retry.least, retry.grace.count]
        case .unknownCredentials(let unknown): [unknown.window.count, unknown.least, unknown.distinct]
        case .newRegion(let region): [region.learn.count, region.memory.count]
        }
    }
}
