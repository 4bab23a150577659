internal import Vocabulary

extension Comparison {
    /// Compares what descriptors of Envoy's protocol mean.
    mutating func compareDescriptors() {
        for pair in Comparison.pairs(old.descriptors.domains, new.descriptors.domains, name: \.name) {
            let subject = Subject(.domain, DescriptorWords.whole(pair.name))
            guard let first = pair.members.0, let second = pair.members.1, first.isMapped == second.isMapped else {
                addPresence(subject, pair.members.0?.words, pair.members.1?.words, .changes)
                continue
            }
            compareKeys(first, second, subject)
            compareLimits(first, second, subject)
        }
    }

    private mutating func compareKeys(_ first: DescriptorDomain, _ second: DescriptorDomain, _ subject: Subject) {
        for pair in Comparison.pairs(first.keys, second.keys, name: \.key) {
            let words = (
                pair.members.0.map { Comparison.words($0.meaning, in: old) },
                pair.members.1.map { Comparison.words($0.meaning, in: new) }
            )
            add(
                subject.part(.descriptorKey, DescriptorWords.whole(pair.name)), .meaning,
                words.0.map(Value.text) ?? .none,
                words.1.map(Value.text) ?? .none, .changes)
        }
    }

    private static func words(_ meaning: DescriptorMeaning, in snapshot: Snapshot) -> String {
        guard case .attribute(let index) = meaning else { return meaning.word }
        return "attribute \(snapshot.descriptors.attributes[index])"
    }

    private mutating func compareLimits(_ first: DescriptorDomain, _ second: DescriptorDomain, _ subject: Subject) {
        let leaves = (first.leaves, second.leaves)
        let paths = (Set(leaves.0.map(\.keys)), Set(leaves.1.map(\.keys)))
        for pair in Comparison.pairs(leaves.0, leaves.1, name: \.name) {
            let limit = subject.part(.limit, DescriptorWords.whole(pair.name))
            switch pair.members {
            case (let before?, let after?): compareLimits(before, after, limit)
            case (let before?, nil):
                addPresence(limit, before.rule.words, nil, paths.1.contains(before.keys) ? .changes : .gains)
            case (nil, let after?):
                addPresence(limit, nil, after.rule.words, paths.0.contains(after.keys) ? .changes : .loses)
            case (nil, nil): break
            }
        }
    }

    private mutating func compareLimits(_ first: DescriptorLeaf, _ second: DescriptorLeaf, _ subject: Subject) {
        let budgets = (first.rule.budget, second.rule.budget)
        addLimit(subject, .ceiling, budgets.0?.rates[0], budgets.1?.rates[0])
        let bursts = (budgets.0.map { ($0.rates[0], $0.burst) }, budgets.1.map { ($0.rates[0], $0.burst) })
        if !Comparison.areImplied(bursts.0, bursts.1) {
            addCount(subject, .burst, budgets.0?.burst, budgets.1?.burst, missing: .max)
        }
        for period in CalendarPeriod.allCases {
            addCount(
                subject, .quota("requests per \(period.name)"), first.rule.amount(per: period),
                second.rule.amount(per: period), missing: .max)
        }
        add(
            subject, .stage, .text(first.rule.stage.name), .text(second.rule.stage.name),
            rank: (first.rule.stage, second.rule.stage), better: .less)
        let counted = (Set(first.countedKeys), Set(second.countedKeys))
        add(
            subject, .countedKeys, .texts(first.countedKeys), .texts(second.countedKeys),
            counted.1.isStrictSuperset(of: counted.0)
                ? .gains : counted.1.isStrictSubset(of: counted.0) ? .loses : .changes)
        add(
            subject, .name, first.rule.name.map(Value.text) ?? .none, second.rule.name.map(Value.text) ?? .none,
            .changes)
        add(subject, .replaces, .texts(first.rule.replaces), .texts(second.rule.replaces), .changes)
    }
}

extension DescriptorDomain {
    /// The domain in a few words, for one that only one policy has.
    fileprivate var words: String {
        isMapped
            ? "\(NumberText.count(keys.count, "key", "keys")) with a meaning"
            : NumberText.count(leaves.count, "limit of its own", "limits of its own")
    }
}

extension DescriptorLeaf {
    /// The keys of its path: another limit for the same ones may take over what this one is not for.
    fileprivate var keys: [String] { path.map(\.key) }
}

extension DescriptorNode.Rule {
    /// The limit in a few words, for one that only one policy has.
    fileprivate var words: String {
        let limit =
            switch allowance {
            case .unlimited: "unlimited"
            case .bucket(let budget):
                "\(Wording.shortRate(budget.rates[0])), \(NumberText.grouped(budget.burst)) at once"
            case .calendar(let amount, let period): "\(NumberText.grouped(amount)) requests per \(period.name)"
            }
        return stage == .enforce ? limit : "\(limit), stage \(stage.name)"
    }

    /// The bucket, if there is one.
    fileprivate var budget: Budget? {
        if case .bucket(let budget) = allowance { budget } else { nil }
    }

    /// The amount per calendar period, if that is how the limit counts.
    fileprivate func amount(per period: CalendarPeriod) -> Int64? {
        if case .calendar(let amount, period) = allowance { amount } else { nil }
    }
}
