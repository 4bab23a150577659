internal import Vocabulary

extension Compilation {
    /// Checks the rules against abuse and lowers them; `nil` if the policy has no such section.
    mutating func lowerAbuse() -> AbusePolicy? {
        guard let stated = document.abuse else { return nil }
        let rules = stated.rules.sorted { $0.name.value < $1.name.value }.compactMap { lower($0) }
        return AbusePolicy(
            rules: rules, appeal: stated.appeal, stepUp: stated.stepUp, prefixBitsIPv4: stated.prefixBitsIPv4,
            prefixBitsIPv6: stated.prefixBitsIPv6)
    }

    private mutating func lower(_ rule: PolicyDocument.AbuseRule) -> AbuseRule? {
        // What is most protected is only reported, unless the rule says otherwise: a false alarm must not stop it.
        let tiers = rule.sparedTiers.map { names in names.compactMap { resolveTier($0) } } ?? [0]
        let classes = rule.sparedClasses.compactMap { resolve($0, in: classNames) }
        guard let subject = rule.subject, let detection = rule.detection, let action = rule.action else { return nil }
        check(subject, of: detection)
        checkRegions(of: detection)
        checkEffect(of: action, tiers, classes, rule)
        return AbuseRule(
            name: rule.name.value, subject: subject.value, detection: detection.value, action: action.value,
            lasts: rule.lasts, stage: rule.stage, sparedTiers: tiers.sorted(), sparedClasses: classes.sorted())
    }

    /// Guessing is done by somebody who is not known yet, and a place belongs to one credential.
    private mutating func check(
        _ subject: Located<AbuseRule.SubjectKind>, of detection: Located<AbuseRule.Detection>
    ) {
        let isAddress = subject.value == .address || subject.value == .prefix
        switch detection.value {
        case .unknownCredentials where !isAddress:
            log.error(
                .invalidValue, "nobody's \(subject.value.name) is known where the credential is not", at: subject.span,
                suggestion: "write `subject: address` or `subject: prefix`")
        case .newRegion where subject.value != .key:
            log.error(
                .invalidValue, "regions are learnt for each key, not for each \(subject.value.name)", at: subject.span,
                suggestion: "write `subject: key`")
        default: break
        }
    }

    private mutating func checkRegions(of detection: Located<AbuseRule.Detection>) {
        guard case .newRegion = detection.value else { return }
        guard document.regions.count <= AbuseRule.regionsMax else {
            log.error(
                .tooMany,
                "a rule about new regions tells \(AbuseRule.regionsMax) of them apart, and there are "
                    + "\(document.regions.count)", at: detection.span)
            return
        }
        guard document.regions.count < 2 else { return }
        log.warning(
            .noEffect, "with fewer than two regions no credential is ever in a new one", at: detection.span,
            suggestion: "name the `regions`, or remove the rule")
    }

    private mutating func checkEffect(
        of action: Located<AbuseRule.Action>, _ tiers: [Int], _ classes: [Int], _ rule: PolicyDocument.AbuseRule
    ) {
        let sparesAll = tiers.count == tierNames.names.count || classes.count == classNames.names.count
        guard action.value != .report, sparesAll else { return }
        log.warning(
            .noEffect, "the rule \(rule.name.value.quoted) spares everything, so it only reports", at: action.span,
            suggestion: "write `action: report`, or spare less: `spareTiers: []`")
    }
}
