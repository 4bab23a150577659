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

    /// Time has passed with a scheduler as it is now; to be called before each of its events.
    ///
    /// - Returns: whether there is another threshold.
    package mutating func advance(to now: Nanoseconds, watching scheduler: borrowing Scheduler) -> Bool {
        guard let window = meter.advance(to: now, watching: scheduler) else { return false }
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
