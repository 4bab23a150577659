internal import Vocabulary

extension Comparison {
    /// Compares the ceilings and the bursts of two budgets.
    mutating func compareBudgets(_ first: Budget, _ second: Budget, _ subject: Subject) {
        let aspects: [Aspect] = [.ceilingBaseline, .ceilingBurst, .ceilingOverload]
        if first.isUniform && second.isUniform {
            addLimit(subject, .ceiling, first.rates[0], second.rates[0])
        } else {
            for (index, aspect) in aspects.enumerated() {
                addLimit(subject, aspect, first.rates[index], second.rates[index])
            }
        }
        addCount(subject, .burst, first.burst, second.burst)
    }

    /// Compares what the service and the regions have, and how tiers share it.
    mutating func compareCapacity() {
        compareCapacity(old.service, new.service, Subject(.service))
        for pair in Comparison.pairs(old.regions, new.regions, name: \.name) {
            compareCapacity(pair.members.0?.budget, pair.members.1?.budget, Subject(.region, pair.name))
        }
    }

    /// A missing budget is no limit; whether a region without one is used at all is not for this policy to say.
    private mutating func compareCapacity(_ first: Budget?, _ second: Budget?, _ subject: Subject) {
        guard let first, let second else {
            addLimit(
                subject, .ceiling, first?.rates[0], second?.rates[0], verdict: subject.kind == .region ? .changes : nil)
            compareReserves(first, second, subject)
            return
        }
        compareBudgets(first, second, subject)
        let reaches = (BudgetReach(budget: first), BudgetReach(budget: second))
        addPace(subject, .pool, reaches.0.pool, reaches.1.pool)
        addCount(subject, .poolBurst, reaches.0.poolBurst, reaches.1.poolBurst)
        compareReserves(first, second, subject)
    }

    /// Where one policy has no ceiling at all, a reserve of the other is neither more nor less.
    private mutating func compareReserves(_ first: Budget?, _ second: Budget?, _ subject: Subject) {
        for pair in Comparison.pairs(old.tiers, new.tiers, name: \.name) {
            let lanes = (Comparison.lane(pair.indices.0, of: first), Comparison.lane(pair.indices.1, of: second))
            let tier = subject.part(.tier, pair.name)
            let isComparable = first != nil && second != nil
            addAmount(
                tier, .reserve, lanes.0?.guarantee, lanes.1?.guarantee, verdict: isComparable ? nil : .changes)
            guard isComparable else { continue }
            addCount(tier, .reserveBurst, lanes.0?.burstOfGuarantee?.burst, lanes.1?.burstOfGuarantee?.burst)
        }
    }

    private static func lane(_ index: Int?, of budget: Budget?) -> Budget.Lane? {
        guard let index, let budget, budget.lanes.indices.contains(index) else { return nil }
        return budget.lanes[index]
    }
}

extension Budget {
    /// Whether all three envelopes have the same ceiling.
    var isUniform: Bool { rates.allSatisfy { $0 == rates[0] } }
}

extension Comparison {
    /// Two things of one name, at most one of them missing.
    struct Pair<Member> {
        let name: String
        let members: (Member?, Member?)
        let indices: (Int?, Int?)
    }

    /// Things of both policies by name, in the order of the new policy, then those that only the old one has.
    static func pairs<Member>(_ old: [Member], _ new: [Member], name: (Member) -> String) -> [Pair<Member>] {
        let before = Dictionary(old.indices.map { (name(old[$0]), $0) }) { first, _ in first }
        let after = Dictionary(new.indices.map { (name(new[$0]), $0) }) { first, _ in first }
        let names = new.map(name) + old.map(name).filter { after[$0] == nil }
        return names.map { name in
            Pair(
                name: name, members: (before[name].map { old[$0] }, after[name].map { new[$0] }),
                indices: (before[name], after[name]))
        }
    }
}
