extension Snapshot {
    /// Says what a request is: operation, class, tier and cost.
    package func classify(_ request: borrowing ClassificationRequest) -> Classification {
        Classification(operation: -1, trafficClass: defaultClass, tier: quarantineTier, cost: max(1, unknown.cost))
    }
}
