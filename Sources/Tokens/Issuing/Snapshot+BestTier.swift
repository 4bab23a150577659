package import Policy

extension Snapshot {
    /// The most protected tier that any work of a caller can have: what a token for it may name as its ceiling.
    ///
    /// - Complexity: O(operations and their rules).
    package func bestTier(of caller: Caller) -> Int {
        func isOpen(_ trafficClass: Int) -> Bool {
            !classes[trafficClass].governed || caller.classes.contains(trafficClass)
        }
        var best = quarantineTier
        for index in classes.indices where isOpen(index) { best = min(best, classes[index].tier) }
        for operation in operations {
            let statements =
                [(operation.trafficClass, operation.tier)]
                + operation.rules.map {
                    ($0.trafficClass ?? operation.trafficClass, $0.tier ?? operation.tier)
                }
            for (trafficClass, tier) in statements {
                guard let tier, trafficClass.map(isOpen) ?? true else { continue }
                best = min(best, tier)
            }
        }
        return best
    }
}
