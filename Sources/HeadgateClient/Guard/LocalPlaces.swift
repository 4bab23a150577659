package import NIOCore

/// What runs in this process, by tier and caller.
///
/// Also what the server has admitted is counted: when it goes away in the middle, the work that it let in is still
/// there, and no more is let in beside it than fits.
package struct LocalPlaces: Sendable {
    /// One place; whoever has it gives it back once.
    package struct Place: Hashable, Sendable {
        /// The tier.
        package let tier: String
        /// The caller.
        package let caller: String?

        /// Names a place.
        package init(tier: String, caller: String?) {
            self.tier = tier
            self.caller = caller
        }
    }

    private struct TierUse: Sendable {
        var count = 0
        var callers: [String?: Int] = [:]
    }

    private var tiers: [String: TierUse] = [:]
    /// Places that end by themselves, in order of time; those before `firstEnding` have ended.
    private var endings: [(time: NIODeadline, place: Place)] = []
    private var firstEnding = 0

    /// Nothing runs.
    package init() {}

    /// How many run of a tier.
    package func count(of tier: String) -> Int { tiers[tier]?.count ?? 0 }
    /// How many run of a caller in a tier.
    package func count(of tier: String, caller: String?) -> Int { tiers[tier]?.callers[caller] ?? 0 }

    /// Takes a place whatever the limits say: somebody else has decided.
    package mutating func occupy(tier: String, caller: String?) -> Place {
        tiers[tier, default: TierUse()].count += 1
        tiers[tier, default: TierUse()].callers[caller, default: 0] += 1
        return Place(tier: tier, caller: caller)
    }

    /// Takes a place if the limits leave one.
    package mutating func enter(tier: String, caller: String?, limits: GuardConfiguration.Tier) -> Place? {
        guard count(of: tier) < limits.concurrencyMax,
            count(of: tier, caller: caller) < limits.concurrencyPerCallerMax
        else { return nil }
        return occupy(tier: tier, caller: caller)
    }

    /// Gives a place back.
    package mutating func leave(_ place: Place) {
        let count = count(of: place.tier, caller: place.caller)
        guard count > 0 else { return }
        tiers[place.tier]?.callers[place.caller] = count > 1 ? count - 1 : nil
        tiers[place.tier]?.count -= 1
        if self.count(of: place.tier) == 0 { tiers[place.tier] = nil }
    }

    /// Lets a place end by itself.
    ///
    /// - Precondition: no place ends later that was given this way before.
    package mutating func end(_ place: Place, at time: NIODeadline) {
        precondition(endings.last.map { $0.time <= time } ?? true, "places end in the order in which they were taken")
        endings.append((time, place))
    }

    /// Gives back what has ended by itself.
    ///
    /// - Complexity: O(1) amortised per place.
    package mutating func expire(at now: NIODeadline) {
        while firstEnding < endings.count, endings[firstEnding].time <= now {
            leave(endings[firstEnding].place)
            firstEnding += 1
        }
        if firstEnding == endings.count {
            endings.removeAll(keepingCapacity: true)
            firstEnding = 0
        } else if firstEnding > endings.count / 2 {
            endings.removeFirst(firstEnding)
            firstEnding = 0
        }
    }
}
