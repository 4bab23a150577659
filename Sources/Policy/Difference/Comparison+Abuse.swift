internal import Vocabulary

extension Comparison {
    /// Compares what is done about abuse.
    mutating func compareAbuse() {
        let subject = Subject(.abuse)
        let (first, second) = (old.abuse ?? AbusePolicy(rules: []), new.abuse ?? AbusePolicy(rules: []))
        add(subject, .appeal, Comparison.text(first.appeal), Comparison.text(second.appeal), .changes)
        add(subject, .stepUp, first.stepUp.value, second.stepUp.value, .changes)
        add(subject, .prefixes, first.prefixes, second.prefixes, .changes)
        for pair in Comparison.pairs(first.rules, second.rules, name: \.name) {
            let rule = Subject(.abuseRule, pair.name)
            guard let before = pair.members.0, let after = pair.members.1 else {
                let words = (
                    pair.members.0.map { AbuseWords.sign($0.detection) },
                    pair.members.1.map { AbuseWords.sign($0.detection) }
                )
                addPresence(rule, words.0, words.1, pair.members.0 == nil ? .loses : .gains)
                continue
            }
            compare(before, after, rule)
        }
    }

    private mutating func compare(_ before: AbuseRule, _ after: AbuseRule, _ subject: Subject) {
        add(
            subject, .sign, .text("\(before.subject.name): \(AbuseWords.sign(before.detection))"),
            .text("\(after.subject.name): \(AbuseWords.sign(after.detection))"), .changes)
        add(
            subject, .action, .text(before.action.name), .text(after.action.name),
            rank: (before.action.rawValue, after.action.rawValue), better: .less)
        add(
            subject, .lasts, .duration(before.lasts), .duration(after.lasts), rank: (before.lasts, after.lasts),
            better: .less)
        add(
            subject, .stage, .text(before.stage.name), .text(after.stage.name), rank: (before.stage, after.stage),
            better: .less)
        add(
            subject, .spares, .texts(AbuseWords.spared(before, in: old)), .texts(AbuseWords.spared(after, in: new)),
            .changes)
    }

    private static func text(_ text: String?) -> Value { text.map(Value.text) ?? .none }
}

extension AbusePolicy {
    fileprivate var prefixes: PolicyDifference.Value {
        .texts(["IPv4 \(prefixBitsIPv4)", "IPv6 \(prefixBitsIPv6)"])
    }
}

extension AbusePolicy.StepUp {
    fileprivate var value: PolicyDifference.Value {
        let age = maxAgeSeconds.map { "authenticated within \(Wording.duration(.seconds($0)))" }
        return .texts([acrValues, age].compactMap(\.self))
    }
}
