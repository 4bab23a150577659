extension PolicyMeaning {
    /// Who runs and who waits; nothing at all where the policy states nothing of it but queues and shares of tiers, so
    /// that such a policy keeps the version that it had before the rest could be stated.
    func encodeSeats(into encoding: inout CanonicalEncoding) {
        let tiers = tiers.dropLast().filter(\.statesSeats)
        let plans = plans.filter { $0.weight != 1 }
        let operations = operations.filter { $0.seats != 1 }
        guard seats != Seats() || !tiers.isEmpty || !plans.isEmpty || !operations.isEmpty else { return }
        encoding.text("seats")
        switch seats.limit {
        case .fixed(let limit): encoding.list([limit]) { $0.number($1) }
        case .adaptive(let min, let first, let max): encoding.list([min, first, max]) { $0.number($1) }
        }
        encoding.number(seats.waitingMax)
        encoding.list(tiers) { encoding, tier in
            encoding.text(tier.name)
            encoding.number(tier.keptBasisPoints)
            encoding.number(tier.floorBasisPoints)
            encoding.number(tier.tenantShareBasisPoints)
            encoding.optional(tier.queue) { $0.number($1.tenantDepthMax) }
        }
        encoding.list(plans) { encoding, plan in
            encoding.text(plan.name)
            encoding.number(plan.weight)
        }
        encoding.list(operations) { encoding, operation in
            encoding.text(operation.name)
            encoding.number(operation.seats)
        }
        if seats.hasThreshold { encoding.text("threshold") }
    }
}

extension Tier {
    /// Whether anything about its seats is otherwise than by default.
    fileprivate var statesSeats: Bool {
        keptBasisPoints != Tier.standardKept(hasQueue: queue != nil) || floorBasisPoints != Tier.standardFloor
            || tenantShareBasisPoints != 10_000 || queue.map { $0.tenantDepthMax != $0.depthMax } ?? false
    }
}
