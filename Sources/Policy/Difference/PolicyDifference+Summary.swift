internal import Vocabulary

extension PolicyDifference {
    /// The difference in one sentence: which plans gain or lose what, what happens outside of plans, and whether
    /// anything protected loses.
    package var summary: String {
        guard !isEmpty else {
            guard from.version != to.version else { return "No difference: both policies are \(from.version)." }
            return "No difference that a request or a person could meet, although the policies are written "
                + "differently (\(from.version.short) and \(to.version.short))."
        }
        let clauses = planClauses + otherClauses + [protectedClause]
        return Wording.sentence(clauses.joined(separator: "; ")) + "."
    }

    /// What plans gain and lose; plans that fare the same way in the same facts share a clause.
    private var planClauses: [String] {
        clauses(for: lines.filter { $0.subject.kind == .plan }, plural: "plans") { lines in
            let facts = lines.map { "\($0.fact)\($0.brief)" }
            return facts.isEmpty ? nil : Wording.list(facts, max: 3)
        }
    }

    private var otherClauses: [String] {
        let decided = lines.filter { $0.subject.kind != .plan && $0.verdict != .changes }
        let groups = Verdict.allCases.compactMap { verdict -> String? in
            let subjects = decided.filter { $0.verdict == verdict }.map(\.subject.whole.words)
            guard !subjects.isEmpty else { return nil }
            let names = Wording.list(subjects.unique, max: 4)
            return "outside of plans, \(names) \(subjects.unique.count == 1 ? "\(verdict.name)" : verdict.plural)"
        }
        let isOnlyChanged = lines.allSatisfy { $0.verdict == .changes }
        guard isOnlyChanged else { return groups }
        let subjects = lines.map(\.subject.whole.words).unique
        return ["nobody gains or loses, but \(Wording.list(subjects, max: 4)) \(subjects.count == 1 ? "changes" : "change")"]
    }

    private func clauses(
        for lines: [Line], plural: String, facts: ([Line]) -> String?
    ) -> [String] {
        Verdict.allCases.filter { $0 != .changes }.flatMap { verdict -> [String] in
            var plans: [(facts: String, names: [String])] = []
            for name in lines.compactMap(\.subject.name).unique {
                let concerned = lines.filter { $0.subject.name == name && $0.verdict == verdict }
                guard let facts = facts(concerned) else { continue }
                if let index = plans.firstIndex(where: { $0.facts == facts }) {
                    plans[index].names.append(name)
                } else {
                    plans.append((facts, [name]))
                }
            }
            return plans.map { plan in
                let isOne = plan.names.count == 1
                let names = (isOne ? "plan " : "\(plural) ") + Wording.list(plan.names, max: 4)
                return "\(names) \(isOne ? verdict.name : verdict.plural): \(plan.facts)"
            }
        }
    }

    private var protectedClause: String {
        let losing = lines.filter { $0.isProtected && $0.verdict == .loses }
        guard !losing.isEmpty else { return "nothing protected loses anything" }
        let facts = losing.map { line in
            let subject = line.subject.kind == .plan ? "in \(line.subject.words), " : "\(line.subject.words), "
            return subject + line.fact + line.brief
        }
        return "of what is protected, or pays for it, this loses: \(Wording.list(facts, max: 4))"
    }
}

extension PolicyDifference.Line {
    /// The change in as few characters as possible: ` -50%`, ` 300/s -> none`.
    fileprivate var brief: String {
        if let percent = PolicyDifference.Change(from: old, to: new)?.percent { return " \(percent)" }
        if aspect == .presence { return "" }
        guard old.text.count <= 24, new.text.count <= 24 else { return "" }
        return " \(old.text) -> \(new.text)"
    }
}

extension PolicyDifference.Verdict {
    /// The word for more than one subject.
    fileprivate var plural: String {
        switch self {
        case .gains: "gain"
        case .loses: "lose"
        case .changes: "change"
        }
    }
}

extension Sequence where Element: Hashable {
    /// The elements without repetitions, in their order.
    var unique: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
