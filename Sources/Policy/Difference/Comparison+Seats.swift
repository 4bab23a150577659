internal import Vocabulary

extension Comparison {
    /// Compares how many requests run and wait in all.
    mutating func compareSeats() {
        let subject = Subject(.seats)
        let limits = (old.seats.limit, new.seats.limit)
        add(subject, .seatLimit, limits.0.value, limits.1.value, limits.0.verdict(to: limits.1))
        addCount(subject, .waiting, Int64(old.seats.waitingMax), Int64(new.seats.waitingMax))
        let thresholds = [old, new].map { Value.text($0.seats.hasThreshold ? "adaptive" : "open") }
        add(subject, .threshold, thresholds[0], thresholds[1], .changes)
    }

    /// Compares what a tier has of the seats and of the places to wait.
    mutating func compareSeats(_ first: Tier, _ second: Tier, _ subject: Subject) {
        addCount(subject, .queueDepth, first.queue?.depthMax, second.queue?.depthMax)
        let waits = [first, second].map { $0.queue?.waitMax }
        add(
            subject, .queueWait, waits[0].map(Value.duration) ?? .none, waits[1].map(Value.duration) ?? .none,
            rank: (waits[0] ?? .zero, waits[1] ?? .zero), better: .more)
        if let before = first.queue, let after = second.queue, before.boundsTenants || after.boundsTenants {
            addCount(subject, .queuePerTenant, before.tenantDepthMax, after.tenantDepthMax)
        }
        if first.reserveBasisPoints > 0, second.reserveBasisPoints > 0 {
            addShare(subject, .kept, first.keptBasisPoints, second.keptBasisPoints)
        }
        addShare(subject, .floor, first.floorBasisPoints, second.floorBasisPoints)
        addShare(subject, .tenantShare, first.tenantShareBasisPoints, second.tenantShareBasisPoints)
    }

    private mutating func addShare(_ subject: Subject, _ aspect: Aspect, _ first: Int64, _ second: Int64) {
        let values = [first, second].map { $0 == 0 ? Value.none : .share($0) }
        add(subject, aspect, values[0], values[1], rank: (first, second), better: .more)
    }
}

extension Tier.Queue {
    /// Whether fewer of one tenant may wait than of all.
    fileprivate var boundsTenants: Bool { tenantDepthMax < depthMax }
}

extension Seats.Limit {
    /// The limit in a table.
    fileprivate var value: PolicyDifference.Value {
        switch self {
        case .fixed(let limit): .count(Int64(limit))
        case .adaptive(let min, let first, let max):
            .text(
                "adaptive, \(NumberText.grouped(min)) to \(NumberText.grouped(max)), first \(NumberText.grouped(first))"
            )
        }
    }

    /// Only two numbers can be compared; what is found by watching may be more or less.
    fileprivate func verdict(to other: Seats.Limit) -> PolicyDifference.Verdict {
        guard case .fixed(let first) = self, case .fixed(let second) = other else { return .changes }
        return Comparison.verdict(first, second, better: .more)
    }
}
