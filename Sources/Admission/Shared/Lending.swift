/// What is lent to whom, as the shared budgets know it.
///
/// Kept under their lock, beside the words of the budgets.
struct Lending {
    /// Cost units that each stripe has of each pair, less what it is known to have spent.
    private(set) var lent: [Int64]
    /// The stripes that have a lease, by pair.
    private(set) var holders: [UInt64]
    /// Cost units that are lent of each pair, the sum over its stripes.
    private(set) var sums: [Int64]
    /// What was found spent, by pair, and when last, until it is taken from the budgets.
    private(set) var spent: [(cost: Int64, last: Int64)]
    /// Cost units that are lent in all.
    private(set) var total: Int64 = 0

    /// Nothing is lent.
    init(pairs: Int) {
        lent = [Int64](repeating: 0, count: pairs * LeaseTable.stripeCount)
        holders = [UInt64](repeating: 0, count: pairs)
        sums = [Int64](repeating: 0, count: pairs)
        spent = [(cost: Int64, last: Int64)](repeating: (0, .min), count: pairs)
    }

    /// How many pairs there are.
    var pairs: Int { sums.count }

    /// What a stripe has of a pair.
    func lent(stripe: Int, pair: Int) -> Int64 { lent[pair * LeaseTable.stripeCount + stripe] }

    /// Notes that a stripe has got more.
    mutating func noteLent(_ cost: Int64, stripe: Int, pair: Int) {
        change(stripe: stripe, pair: pair, by: cost)
        holders[pair] |= 1 << UInt64(stripe)
    }

    private mutating func change(stripe: Int, pair: Int, by cost: Int64) {
        lent[pair * LeaseTable.stripeCount + stripe] += cost
        sums[pair] += cost
        total += cost
    }

    /// Finds out what one stripe has spent of one pair, and leaves it the rest.
    mutating func collect(stripe: Int, pair: Int, from leases: LeaseTable) {
        note(rest: leases.rest(stripe: stripe, pair: pair), stripe: stripe, pair: pair, from: leases)
    }

    private mutating func note(rest: Int64, stripe: Int, pair: Int, from leases: LeaseTable) {
        let cost = lent(stripe: stripe, pair: pair) - rest
        guard cost > 0 else { return }
        change(stripe: stripe, pair: pair, by: -cost)
        spent[pair].cost += cost
        spent[pair].last = max(spent[pair].last, leases.last(stripe: stripe, pair: pair))
        if rest == 0 { holders[pair] &= ~(1 << UInt64(stripe)) }
    }

    /// Finds out what all stripes have spent; calls all leases back if they are to end.
    ///
    /// - Complexity: O(leases).
    mutating func collectAll(from leases: LeaseTable, ending: Bool) {
        for pair in 0..<pairs {
            var rest = holders[pair]
            while rest != 0 {
                let stripe = rest.trailingZeroBitCount
                rest &= rest - 1
                guard ending else {
                    collect(stripe: stripe, pair: pair, from: leases)
                    continue
                }
                let unspent = leases.callBack(stripe: stripe, pair: pair)
                note(rest: unspent, stripe: stripe, pair: pair, from: leases)
                change(stripe: stripe, pair: pair, by: -unspent)
                holders[pair] &= ~(1 << UInt64(stripe))
            }
        }
    }

    /// Hands over what was found spent of the pair that was spent from least recently.
    mutating func nextSpent() -> (pair: Int, cost: Int64, last: Int64)? {
        var next = -1
        for pair in 0..<pairs where spent[pair].cost > 0 {
            if next < 0 || spent[pair].last < spent[next].last { next = pair }
        }
        guard next >= 0 else { return nil }
        defer { spent[next] = (0, .min) }
        return (next, spent[next].cost, spent[next].last)
    }
}
