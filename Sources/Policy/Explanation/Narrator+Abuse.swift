internal import Vocabulary

extension Narrator {
    /// What is done about traffic that looks like abuse; nothing where the policy has no rules about it.
    var abuse: [Section] {
        guard let abuse = snapshot.abuse else { return [] }
        var sentences = abuse.rules.map(sentence)
        if sentences.isEmpty { sentences.append("No rule looks for abuse; operators may quarantine by hand.") }
        if let appeal = abuse.appeal {
            sentences.append("Answers to whoever is quarantined say how to appeal: \(appeal)")
        }
        return [Section(kind: "abuse", name: nil, sentences: sentences)]
    }

    private func sentence(_ rule: AbuseRule) -> String {
        var sentence =
            "Rule \(rule.name): \(AbuseWords.sign(rule.detection)), the \(rule.subject.name) "
            + "\(AbuseWords.consequence(rule.action)) for \(Wording.duration(rule.lasts))"
        let spared = AbuseWords.spared(rule, in: snapshot)
        if rule.action != .report, !spared.isEmpty { sentence += ", but for work of \(Wording.list(spared))" }
        if rule.stage != .enforce { sentence += "; it is in stage \(rule.stage.name) and changes nothing yet" }
        return sentence + "."
    }
}

/// Words about rules against abuse.
enum AbuseWords {
    /// The sign in a clause.
    static func sign(_ detection: AbuseRule.Detection) -> String {
        switch detection {
        case .spike(let spike):
            "when at least \(NumberText.count(spike.least, "request", "requests")) come within "
                + "\(Wording.duration(spike.window)), and more than \(NumberText.grouped(spike.factor)) times the mean of "
                + "the last \(Wording.duration(spike.history))"
        case .errors(let errors):
            "when of at least \(NumberText.count(errors.least, "request", "requests")) within "
                + "\(Wording.duration(errors.window)) \(UnitText.percentage(errors.shareBasisPoints)) are "
                + (errors.kind == .refusals ? "refused" : "answered with 400 to 499 by the API")
        case .earlyRetry(let retry):
            "when \(NumberText.count(retry.least, "request comes", "requests come")) too early again within "
                + "\(Wording.duration(retry.window)), those not counted that come within "
                + "\(Wording.duration(retry.grace)) of a first refusal"
        case .unknownCredentials(let unknown):
            "when \(NumberText.count(unknown.least, "request", "requests")) within "
                + "\(Wording.duration(unknown.window)) bring at least \(unknown.distinct) different credentials that "
                + "nobody knows"
        case .newRegion(let region):
            "when a key that has been in use for \(Wording.duration(region.learn)) comes from a region where it was "
                + "not in the last \(Wording.duration(region.memory))"
        }
    }

    /// What follows, behind the subject.
    static func consequence(_ action: AbuseRule.Action) -> String {
        switch action {
        case .report: "is reported once"
        case .coolDown: "is told to come back later"
        case .quarantine: "works in the quarantine"
        case .challenge: "has to authenticate more strongly"
        case .block: "is refused"
        }
    }

    /// What a rule leaves alone: `tier critical`, `class repair`.
    static func spared(_ rule: AbuseRule, in snapshot: Snapshot) -> [String] {
        rule.sparedTiers.map { "tier \(snapshot.tiers[$0].name)" }
            + rule.sparedClasses.map { "class \(snapshot.classes[$0].name)" }
    }
}
