internal import Vocabulary

/// What a snapshot says about overload, before it is put into words.
struct OverloadFacts {
    /// What is explained.
    let snapshot: Snapshot
    /// The tiers that have a reserve, the most protected first.
    let protected: [TierFacts]
    /// The tiers that have a reserve of seats alone, since no ceiling is stated of which they could reserve a share;
    /// the most protected first.
    let seated: [TierFacts]
    /// The named tiers without a reserve, the one that sheds first in front.
    let unprotected: [TierFacts]
    /// In which tiers operations are.
    let placements: OperationPlacements

    /// One tier with what is in it.
    struct TierFacts {
        /// The tier.
        var index: Int
        /// What the service and the regions keep for it.
        var reserves: [Reserves.Reserve]
        /// The operations that are in it, and in which contexts.
        var operations: [OperationPlacements.Placement]
        /// The classes whose work is in it where the operation names no tier.
        var classes: [Int]

        /// Whether anything can be in it.
        var isEmpty: Bool { operations.isEmpty && classes.isEmpty }
    }

    /// Collects the facts.
    init(_ snapshot: Snapshot) {
        self.snapshot = snapshot
        placements = OperationPlacements(snapshot)
        let reserves = Reserves(snapshot)
        let dependent = placements.classDependent
        let all = placements.all
        let tiers = snapshot.tiers.indices.map { tier in
            TierFacts(
                index: tier, reserves: reserves.reserves(of: tier), operations: all.filter { $0.tier == tier },
                classes: dependent.isEmpty ? [] : snapshot.classes.indices.filter { snapshot.classes[$0].tier == tier })
        }
        protected = tiers.filter { !$0.reserves.isEmpty }
        let others = tiers.dropLast().filter(\.reserves.isEmpty)
        let isWithoutCeiling = snapshot.service == nil && snapshot.regions.isEmpty
        seated = others.filter { isWithoutCeiling && snapshot.tiers[$0.index].reserveBasisPoints > 0 }
        unprotected = others.filter { !isWithoutCeiling || snapshot.tiers[$0.index].reserveBasisPoints == 0 }.reversed()
    }

    /// Whether the class has a claim to protection: it repairs or recovers, or its tier has a reserve.
    func isProtected(trafficClass index: Int) -> Bool {
        let trafficClass = snapshot.classes[index]
        return trafficClass.consequence.isProtected || protected.contains { $0.index == trafficClass.tier }
    }
}
