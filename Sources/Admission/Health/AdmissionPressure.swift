package import Vocabulary

/// The meter and the control of the admission threshold of one scheduler.
package struct AdmissionPressure: Sendable {
    private var meter: PressureMeter
    private var control: PressureControl
    /// Of what is asked for beyond the reserves, how much is not to be let in at any rate, in hundredths of a percent.
    package var shed: Int64 = 0
    /// Whether the control sets a threshold of its own; else only `shed` does.
    package var isControlling: Bool
    /// The threshold that is right now.
    package private(set) var threshold = AdmissionThreshold.open

    /// No pressure.
    package init(tierCount: Int, isControlling: Bool, at now: Nanoseconds) {
        meter = PressureMeter(tierCount: tierCount, at: now)
        control = PressureControl(at: now)
        self.isControlling = isControlling
    }

    /// Time has passed; to be called before each of the scheduler's events.
    ///
    /// - Parameters:
    ///   - time: the monotonic clock.
    ///   - inUse: seats that have been in use since the last event.
    ///   - limit: seats that there have been.
    ///   - waiting: requests that have waited.
    /// - Returns: whether `endWindow` is to be called.
    package mutating func advance(to time: Nanoseconds, inUse: Int, limit: Int, waiting: Int) -> Bool {
        meter.advance(to: time, inUse: inUse, limit: limit, waiting: waiting)
    }

    /// Looks at the window that is over.
    ///
    /// - Returns: whether there is another threshold.
    package mutating func endWindow(at now: Nanoseconds, watching scheduler: borrowing Scheduler) -> Bool {
        let window = meter.endingWindow(watching: scheduler)
        let isWanted = isControlling || shed > 0
        let next = isWanted ? control.threshold(after: window, meter.demand, shed: shed, at: now) : .open
        if !isWanted { control = PressureControl(at: now) }
        meter.begin()
        defer { threshold = next }
        return next != threshold
    }

    /// A request has asked for seats; `isInside`: its tier's reserve covers it.
    package mutating func noteArrival(_ arrival: Arrival, isInside: Bool) {
        meter.noteArrival(arrival.seats, of: arrival.tenant, tier: arrival.tier, isInside: isInside)
    }

    /// Takes note of what the scheduler did.
    package mutating func note(_ action: SchedulerAction) {
        switch action {
        case .start(_, _, let seats, _): meter.noteStart(seats)
        case .displace, .expire: meter.noteLate()
        case .queue, .refuse: break
        }
    }

    /// How much of a tier is let in, in hundredths of a percent of its cohorts.
    package func letIn(tier: Int) -> Int64 {
        if tier < threshold.tier { return whole }
        return tier > threshold.tier ? 0 : Int64(threshold.cohort) * whole / Int64(AdmissionThreshold.cohortCount)
    }
}
