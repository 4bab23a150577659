internal import Vocabulary

extension PolicyDifference {
    /// The difference in one sentence: which plans lose or gain what, what happens outside of plans, and whether
    /// anything protected loses.
    package var summary: String {
        guard !isEmpty else {
            guard from.version != to.version else { return "No difference: both policies are \(from.version)." }
            return "No difference that a request or a person could meet, although the versions differ "
                + "(\(from.version.short) and \(to.version.short))."
        }
        let clauses = planClauses(.loses) + planClauses(.gains) + otherClauses + [protectedClause]
        return Wording.sentence(clauses.joined(separator: "; ")) + "."
    }

    /// What plans lose or gain; plans that fare the same way in the same facts share a clause.
    private func planClauses(_ verdict: Verdict) -> [String] {
        let concerned = lines.filter { $0.subject.kind == .plan && $0.verdict == verdict }
        var groups: [(facts: String, names: [String])] = []
        for name in concerned.compactMap(\.subject.name).unique {
            let facts = concerned.filter { $0.subject.name == name }.weightiest.map(\.brief)
            let words = Wording.list(facts, max: 2)
            if let index = groups.firstIndex(where: { $0.facts == words }) {
                groups[index].names.append(name)
            } else {
                groups.append((words, [name]))
            }
        }
        return groups.map { group in
            let noun = group.names.count == 1 ? "plan" : "plans"
            return
                "\(noun) \(Wording.list(group.names, max: 4)) \(verdict.verb(for: group.names.count)) (\(group.facts))"
        }
    }

    /// Who gains, loses, or both, outside of plans; and who only changes, plans included.
    private var otherClauses: [String] {
        let groups = Dictionary(grouping: lines, by: \.subject.whole).mapValues { Set($0.map(\.verdict)) }
        let subjects = lines.map(\.subject.whole).unique
        let fates: [(words: (String, String), verdicts: Set<Verdict>)] = [
            (("loses", "lose"), [.loses]), (("gains", "gain"), [.gains]),
            (("gains and loses", "gain and lose"), [.gains, .loses]), (("changes", "change"), []),
        ]
        let clauses = fates.compactMap { fate -> String? in
            let members = subjects.filter { subject in
                let isPlanThatFares = subject.kind == .plan && !fate.verdicts.isEmpty
                return !isPlanThatFares && groups[subject]?.subtracting([.changes]) == fate.verdicts
            }
            guard !members.isEmpty else { return nil }
            return "\(Wording.list(members.map(\.words), max: 3)) \(members.count == 1 ? fate.words.0 : fate.words.1)"
        }
        guard lines.contains(where: { $0.verdict != .changes }) else { return ["nobody gains or loses"] + clauses }
        let hasPlans = lines.contains { $0.subject.kind == .plan && $0.verdict != .changes }
        return clauses.isEmpty ? [] : [(hasPlans ? "outside of plans, " : "") + Wording.list(clauses)]
    }

    private var protectedClause: String {
        let losing = lines.filter { $0.isProtected && $0.verdict == .loses }
        guard !losing.isEmpty else { return "nothing protected loses anything" }
        let direct = losing.filter { $0.subject.kind != .plan } + losing.filter { $0.subject.kind == .plan }
        let facts = direct.weightiest.map { "\($0.subject.words) (\($0.brief))" }
        return "of what is protected, and of what it lives from, this loses: \(Wording.list(facts, max: 3))"
    }
}

extension PolicyDifference.Line {
    /// The fact and its change in as few characters as possible: `ceiling -50%`.
    fileprivate var brief: String {
        if let percent = PolicyDifference.Change(from: old, to: new)?.percent { return "\(fact) \(percent)" }
        if aspect == .presence { return old == .none ? "new" : "removed" }
        guard old.text.count <= 24, new.text.count <= 24 else { return fact }
        return "\(fact) \(old.text) -> \(new.text)"
    }

    /// Whether the line follows from others that say it more directly.
    fileprivate var isDerived: Bool {
        let derived: [PolicyDifference.Aspect] = [
            .atLeast, .atMost, .entitled, .burst, .guaranteeBurst, .classCeilingBurst, .operationBurst, .poolBurst,
            .reserveBurst, .quarantineBurst,
        ]
        return derived.contains(aspect)
    }
}

extension [PolicyDifference.Line] {
    /// The lines that are not derived, or all if all are.
    fileprivate var weightiest: [PolicyDifference.Line] {
        let direct = filter { !$0.isDerived }
        return direct.isEmpty ? self : direct
    }
}

extension PolicyDifference.Verdict {
    /// The verb for one subject or several.
    fileprivate func verb(for count: Int) -> String {
        guard count > 1 else { return name }
        return String(name.dropLast())
    }
}
