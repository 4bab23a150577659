internal import Admission
internal import Directory
internal import Journal
internal import Policy
internal import Vocabulary

extension Decider {
    /// Looks whether a decision has brought a protected lane too close to its boundary.
    ///
    /// A few instructions for each budget with lanes, as long as none does and no lane is in a dip.
    ///
    /// - Complexity: O(readings); no allocation but for a near miss.
    @inline(__always)
    func watchLanes(of decision: Decision) {
        guard !decision.call.isPeek, !decision.isOfLimit else { return }
        let boundaries = decision.state.boundaries
        for index in 0..<decision.readingCount {
            let reading = decision.reading(at: index)
            guard case .lanes = reading.kind, reading.index >= 0 else { continue }
            let boundary = boundaries.boundary(of: reading, region: decision.region, plan: decision.planIndex)
            let available = boundary.available(own: reading.own, pool: reading.pool)
            let isClose = available - reading.need < boundary.enter
            guard isClose || available >= boundary.leave && plane.nearMisses.dips.hasOpen else { continue }
            note(reading, boundary, available: available, isClose: isClose, decision)
        }
    }

    /// A lane that is close, or well away while some lane is in a dip.
    @inline(never)
    private func note(
        _ reading: BudgetReading, _ boundary: LaneBoundary, available: Int64, isClose: Bool, _ decision: Decision
    ) {
        let level = NearMissLevel(reading.level)
        let lane = Decider.lane(boundary, level: level, decision)
        if available >= boundary.leave { plane.nearMisses.dips.end(lane) }
        // A request that somebody else refused took nothing from this lane; one that costs more than the budget can
        // ever hold says nothing about it.
        let left = decision.hasSpent || !reading.isSufficient ? available - reading.need : available
        guard isClose, left < boundary.enter, reading.wait >= 0,
            plane.nearMisses.begin(lane, at: decision.moment.monotonic)
        else { return }
        let units = reading.unitsPerCost
        let own: UInt64 = 1 << UInt64(max(0, decision.classification.trafficClass) & 63)
        let active =
            level == .trafficClass
            ? decision.activeClasses
            : plane.metrics.activeClasses(of: decision.policy, at: decision.moment.monotonic)
        let miss = NearMiss(
            level: level, guarantee: guarantee(of: reading, decision) / units, boundary: boundary.enter / units,
            left: left.flooredQuotient(units), others: active & ~own)
        decision.nearMisses.append(miss)
        plane.nearMisses.count(miss, of: decision)
    }

    /// What is a lane's own, in units.
    private func guarantee(of reading: BudgetReading, _ decision: Decision) -> Int64 {
        let policy = decision.policy
        return switch reading.level {
        case .service: policy.service?.lanes[reading.index].capacity ?? 0
        case .region: policy.regions[decision.region].budget.lanes[reading.index].capacity
        default: policy.enginePlans[decision.planIndex].tenant.lanes[reading.index].capacity
        }
    }

    /// A number for the lane of a decision: that of the budget, and at a tenant's level the tenant's.
    private static func lane(_ boundary: LaneBoundary, level: NearMissLevel, _ decision: Decision) -> UInt64 {
        guard level == .trafficClass, let tenant = decision.identity.tenant else { return boundary.seed }
        let key = decision.state.binding.key(ofTenant: tenant).bits
        return boundary.seed ^ UInt64(truncatingIfNeeded: key) ^ UInt64(truncatingIfNeeded: key >> 64)
    }
}

extension Decider {
    /// Looks whether a tier's reserve of seats has come too close to its end, when a request of the tier has asked.
    ///
    /// - Parameters:
    ///   - decision: the decision on the request.
    ///   - left: how many seats the tier could still be given at once; -1 if this request was refused.
    ///   - reserved: how many seats are the tier's own; without any, nothing is noted.
    func noteSeats(_ decision: Decision, left: Int, reserved: Int) {
        guard reserved > 0, !decision.isOfLimit else { return }
        let tier = decision.policy.tiers[decision.classification.tier]
        let boundary = Int64(reserved) * tier.nearMissBasisPoints / 10_000
        let lane = LaneBoundary.seed(["seats", tier.name])
        if Int64(left) >= min(Int64(reserved), max(boundary * 2, 1)), plane.nearMisses.dips.hasOpen {
            plane.nearMisses.dips.end(lane)
        }
        let now = decision.moment.monotonic
        guard Int64(left) < boundary || left < 0, plane.nearMisses.begin(lane, at: now) else { return }
        let own: UInt64 = 1 << UInt64(max(0, decision.classification.trafficClass) & 63)
        let miss = NearMiss(
            level: .seats, guarantee: Int64(reserved), boundary: boundary, left: Int64(left),
            others: plane.metrics.activeClasses(of: decision.policy, at: now) & ~own)
        decision.nearMisses.append(miss)
        plane.nearMisses.count(miss, of: decision)
    }
}

extension NearMissLevel {
    /// Where a budget with lanes is: the lanes of a tenant are classes.
    fileprivate init(_ level: BudgetLevel) {
        switch level {
        case .service: self = .service
        case .region: self = .region
        default: self = .trafficClass
        }
    }
}
