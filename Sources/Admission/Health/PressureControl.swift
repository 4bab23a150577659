package import Vocabulary

/// Chooses the admission threshold: how far down new work may wait for seats.
///
/// Under overload queues stand as long as their bounds allow, so whoever gets a seat has waited for nearly all of its
/// time, and others wait as long for nothing. So as much is let in as seats can be given to:
///
/// - *Capacity* is measured: the seats given out in a window, and those that idle ones would have given; a quarter of
///   the way with every window. What is asked for inside the reserves is taken off.
/// - *What waits* is brought to as much as there are seats, a quarter of the way with every window: one waits behind
///   each that runs, so that no seat stays empty. Each tier is judged by what waits in it and above, so that waits of
///   those who are less protected never cost a more protected tier anything.
/// - Of what is asked for beyond the reserves as much is let in, from the most protected tier and the lowest cohort on.
///
/// The one term that looks back is what waits, and it is paid off by quarters: nothing overshoots, and there is no sum
/// of errors that could wind up. Everything is open until more waits than there are seats or somebody has waited in
/// vain; and a threshold moves only if it lets in a sixteenth too much or too little, so that tenants at its edge are
/// not let in and out by chance. With every turn all cohorts move up by one: in 128 turns each tenant of a tier has the
/// same.
///
/// Pure: time comes in as a number, integers only. Compared with others in docs/decisions/0027-admission-pressure.md.
package struct PressureControl: Sendable {
    /// Seats per second × 256; 0: unknown.
    private var rate: Int64 = 0
    private var rotation: UInt8 = 0
    private var turnedAt: Int64
    private var present = AdmissionThreshold.open

    /// How long the lowest cohorts are the same: everybody has had every place after a minute.
    package static let turn: Int64 = 500_000_000
    /// Windows in which a difference is made up for.
    private static let windows: Int64 = 4

    /// No pressure.
    package init(at now: Nanoseconds) { turnedAt = now.count }

    /// Looks at a window that is over.
    ///
    /// - Parameters:
    ///   - window: what the scheduler did in it.
    ///   - demand: what was asked of it.
    ///   - shed: of what is asked for beyond the reserves, how much is not to be let in at any rate; hundredths of a
    ///     percent.
    ///   - now: the monotonic clock.
    /// - Returns: the threshold that is right from now on.
    /// - Complexity: O(tiers × cohorts).
    package mutating func threshold(
        after window: PressureWindow, _ demand: Demand, shed: Int64 = 0, at now: Nanoseconds
    ) -> AdmissionThreshold {
        let room = roomBeyondReserves(window)
        turn(at: now)
        let most = shed > 0 ? demand.total * max(0, whole - shed) / whole : .max
        func wanted(_ tier: Int) -> Int64 {
            min(most, max(0, room + (window.limit - window.waiting[tier]) / PressureControl.windows))
        }
        let isCrowded = window.waiting[demand.tierCount - 1] > window.limit || window.late > 0
        guard present != .open || isCrowded || shed > 0 else { return .open }
        if present != .open, present.isLenient == (shed == 0) {
            let (admitted, wanted) = (demand.admitted(by: present), wanted(present.tier))
            if abs(admitted - wanted) * 16 <= wanted { return present }
        }
        present = demand.threshold(rotation: rotation, admitting: wanted)
        if present != .open { present.isLenient = shed == 0 }
        return present
    }

    /// Seats that can be given in a window to what no reserve covers.
    private mutating func roomBeyondReserves(_ window: PressureWindow) -> Int64 {
        let microseconds = max(1, window.nanoseconds / 1_000)
        let measured = min(window.capacity, 1 << 32) * 256_000_000 / microseconds
        rate = rate == 0 ? measured : rate + (measured - rate) / PressureControl.windows
        return rate * microseconds / 256_000_000 - window.inside
    }

    private mutating func turn(at now: Nanoseconds) {
        guard now.count - turnedAt >= PressureControl.turn else { return }
        turnedAt = now.count
        rotation = (rotation + 1) & UInt8(AdmissionThreshold.cohortCount - 1)
        if present != .open { present.rotation = rotation }
    }
}
