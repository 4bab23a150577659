extension Scheduler {
    /// Makes the limit another and turns the tiers' shares into seats (docs/scheduling.md, Seats).
    ///
    /// - Complexity: O(tiers + queues at their cap).
    mutating func setLimit(_ limit: Int) {
        self.limit = min(max(0, limit), limitMax)
        let floors = (0..<tiers.count).reduce(Int64(0)) { $0 + tiers[$1].settings.floorBasisPoints }
        let reservable = self.limit - ceilingShare(floors, of: self.limit)
        var (shares, kept) = (Int64(0), Int64(0))
        var (reserveSum, keptSum) = (0, 0)
        for tier in 0..<tiers.count {
            let settings = tiers[tier].settings
            shares += settings.reserveBasisPoints
            kept += settings.reserveBasisPoints * settings.keptBasisPoints
            let reserve = min(reservable, ceilingShare(shares, of: self.limit)) - reserveSum
            let keptTotal = Int(quotientRoundedUp(Int64(self.limit) * kept, whole * whole))
            reserveSum += reserve
            tiers[tier].reserve = reserve
            tiers[tier].kept = min(reserve, keptTotal - keptSum)
            keptSum = keptTotal
            tiers[tier].most = ceilingShare(settings.seatsBasisPoints, of: self.limit)
            tiers[tier].tenantMost = ceilingShare(settings.tenantSeatsBasisPoints, of: self.limit)
            tiers[tier].floor = ceilingShare(settings.floorBasisPoints, of: self.limit)
        }
        setWidest()
        for tier in 0..<tiers.count { recheckResting(tier) }
    }

    /// How wide a request may be follows from what the other tiers keep.
    private func setWidest() {
        let kept = (0..<tiers.count).reduce(0) { $0 + tiers[$1].kept }
        for tier in 0..<tiers.count {
            let free = limit - (kept - tiers[tier].kept)
            tiers[tier].widest = min(free, tiers[tier].most)
        }
    }

    /// Lets queues go on that were at their cap and are not any more.
    private mutating func recheckResting(_ tier: Int) {
        var queue = tiers[tier].resting.first
        while queue >= 0 {
            let next = queues[queue].next
            settle(queue)
            queue = next
        }
    }

    /// Makes the admission threshold another; tiers that it lets in are not held back any more.
    mutating func setThreshold(_ threshold: AdmissionThreshold) {
        self.threshold = threshold
        for tier in 0..<min(tiers.count, threshold.tier) { tiers[tier].isHeldBack = false }
    }
}
