package import Vocabulary

/// Watches a scheduler and says, window by window, what it did and what was asked of it.
///
/// A window lasts a quarter of a second, or as long as it takes until every seat has been given out once; else a few
/// slow requests would be taken for a trend.
package struct PressureMeter: Sendable {
    /// What is asked for beyond the reserves.
    package private(set) var demand: Demand
    private var window = PressureWindow()
    private var start: Int64
    private var now: Int64

    /// The shortest window; Cinnamon looks twice a second and DAGOR once.
    package static let windowMin: Int64 = 250_000_000
    /// The longest: an upstream that gives no seat back is not waited for.
    package static let windowMax: Int64 = 4_000_000_000

    /// A meter that has seen nothing.
    package init(tierCount: Int, at now: Nanoseconds) {
        demand = Demand(tierCount: tierCount)
        start = now.count
        self.now = now.count
    }

    /// A request has asked for seats.
    ///
    /// - Parameters:
    ///   - seats: how many.
    ///   - tenant: whose it is.
    ///   - tier: its tier.
    ///   - isInside: whether its tier's reserve covers it.
    package mutating func noteArrival(_ seats: Int, of tenant: TenantKey, tier: Int, isInside: Bool) {
        if isInside { window.inside += Int64(seats) } else { demand.add(seats, of: tenant, tier: tier) }
    }

    /// Somebody was given seats.
    package mutating func noteStart(_ seats: Int) { window.started += Int64(seats) }

    /// Somebody has waited in vain.
    package mutating func noteLate() { window.late += 1 }

    /// Time has passed; to be called before each of the scheduler's events.
    ///
    /// Three numbers instead of the scheduler, and no window, which is there four times a second: either would be
    /// copied with every event.
    ///
    /// - Parameters:
    ///   - time: the monotonic clock.
    ///   - inUse: seats that have been in use since the last event.
    ///   - limit: seats that there have been.
    ///   - waiting: requests that have waited.
    /// - Returns: whether the window is over.
    package mutating func advance(to time: Nanoseconds, inUse: Int, limit: Int, waiting: Int) -> Bool {
        let elapsed = max(0, time.count - now)
        now += elapsed
        window.used += elapsed * Int64(inUse)
        if waiting == 0 { window.idle += elapsed * Int64(max(0, limit - inUse)) }
        let length = now - start
        guard length >= PressureMeter.windowMin else { return false }
        return window.started >= Int64(limit) || length >= PressureMeter.windowMax || inUse == 0
    }

    /// The window that ends now; to be called when `advance` says that it is over.
    ///
    /// - Complexity: O(tiers).
    package func endingWindow(watching scheduler: borrowing Scheduler) -> PressureWindow {
        var over = window
        over.nanoseconds = now - start
        over.limit = Int64(scheduler.limit)
        var sum: Int64 = 0
        for tier in 0..<demand.tierCount {
            sum += scheduler.waitingSeats(tier: tier)
            over.waiting[tier] = sum
        }
        return over
    }

    /// Begins the next window; what was asked for before counts half.
    package mutating func begin() {
        window = PressureWindow()
        start = now
        demand.age()
    }
}
