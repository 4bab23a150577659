internal import Vocabulary

/// How long a wait will be (docs/scheduling.md, Expected wait).
extension Scheduler {
    /// What is promised if nothing is known.
    private static let retryUnknown: Int64 = 1_000_000_000
    private static let retryRange: ClosedRange<Int64> = 1_000_000...60_000_000_000

    /// Whether a request that waits as the last of its queue would wait for longer than it may.
    func isHopeless(_ slot: Int32, in tier: Int, within wait: Int64) -> Bool {
        let seats = Int64(items[slot].seats)
        let ahead = seatsAhead(of: slot, in: tier)
        // The first of a tier with a floor waits whatever waits above: a floor is for somebody who is there.
        let isNext = ahead == 0 && (tiers[tier].settings.floorBasisPoints > 0 || seatsWaiting(above: tier) == 0)
        guard !isNext else { return false }
        return expectedWait(tier: tier, ahead: ahead, seats: seats) ?? 0 > wait
    }

    /// When to come again for whoever has this request, which waits.
    func retryAfter(_ slot: Int32) -> Nanoseconds {
        let tier = Int(queues[items[slot].queue].tier)
        return retryAfter(
            expectedWait(tier: tier, ahead: seatsAhead(of: slot, in: tier), seats: Int64(items[slot].seats)))
    }

    /// When to come again for a request that was not let in.
    func retryAfter(tier: Int, seats: Int) -> Nanoseconds {
        retryAfter(expectedWait(tier: tier, ahead: tiers[tier].waitingSeats, seats: Int64(seats)))
    }

    private func retryAfter(_ wait: Int64?) -> Nanoseconds {
        let range = Scheduler.retryRange
        return Nanoseconds(min(max(wait ?? Scheduler.retryUnknown, range.lowerBound), range.upperBound))
    }

    /// Seats in the tier that are given before the last of a queue, which is this request, has its turn.
    private func seatsAhead(of slot: Int32, in tier: Int) -> Int64 {
        let queue = items[slot].queue
        let seats = Int64(items[slot].seats)
        let (round, overflow) = queues[queue].waitingSeats.multipliedReportingOverflow(
            by: Int64(tiers[tier].waitingWeights))
        let fair = overflow ? Int64.max : round / Int64(queues[queue].weight)
        return min(tiers[tier].waitingSeats, max(seats, fair)) - seats
    }

    private func seatsWaiting(above tier: Int) -> Int64 {
        (0..<tier).reduce(0) { $0 + tiers[$1].waitingSeats }
    }

    /// How long it takes until seats are given to what is ahead and to the request; `nil`: nothing is known.
    private func expectedWait(tier: Int, ahead: Int64, seats: Int64) -> Int64? {
        let own = tiers[tier].drain.time(forSeats: ahead + seats, at: now)
        let count = seatsWaiting(above: tier) + ahead + seats
        let all = drain.time(forSeats: count, at: now) ?? littleTime(forSeats: count)
        guard let own else { return all }
        return max(own, all ?? 0)
    }

    /// Before anything was measured: all seats at work, each for the average duration.
    private func littleTime(forSeats count: Int64) -> Int64? {
        guard average > 0 else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: average)
        return overflow ? .max : product / Int64(max(1, limit))
    }
}
