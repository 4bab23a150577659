package import Vocabulary

/// What happens to the scheduler.
package enum SchedulerEvent: Sendable {
    /// A request asks for seats.
    case arrive(Arrival)
    /// A request that was started has ended and gives its seats back.
    case finish(Ticket, Ending)
    /// A request that waits does not wait any more; if it has been started, nothing changes until it finishes.
    case cancel(Ticket)
    /// There are so many seats from now on.
    case limit(Int)
    /// New work is admitted up to here from now on.
    case threshold(AdmissionThreshold)
    /// Time has passed: the moment that `nextDeadline` named has come.
    case tick
}

/// A request that asks for seats.
package struct Arrival: Sendable {
    /// A number by which the caller knows the request again; every action about it repeats it.
    package var caller: UInt64
    /// Whose request it is.
    package var tenant: TenantKey
    /// Its tier, an index.
    package var tier: Int
    /// How much of its tier's seats the tenant is to have beside others, as its plan says: 1 to 65,535.
    package var weight: Int
    /// How many seats it takes while it runs: 1 to 65,535.
    package var seats: Int
    /// How long it may wait, if that is less than its tier allows.
    package var waitMax: Nanoseconds?
    /// When nobody is interested in the answer any more.
    package var deadline: Nanoseconds?

    /// States a request.
    package init(
        caller: UInt64, tenant: TenantKey, tier: Int, weight: Int = 1, seats: Int = 1, waitMax: Nanoseconds? = nil,
        deadline: Nanoseconds? = nil
    ) {
        self.caller = caller
        self.tenant = tenant
        self.tier = tier
        self.weight = min(max(1, weight), VirtualTime.weightMax)
        self.seats = min(max(1, seats), VirtualTime.seatsMax)
        self.waitMax = waitMax
        self.deadline = deadline
    }
}

/// How a request that was started has ended.
package enum Ending: UInt8, CaseIterable, Sendable {
    /// It did its work: how long that took says how long the next one may take.
    case completed
    /// It failed: the seats were used, but how long says nothing about the next one.
    case failed
    /// It never got to work; nothing was used.
    case abandoned
}

/// How far down new work is admitted.
package struct AdmissionThreshold: Hashable, Sendable {
    /// More protected tiers are admitted, less protected ones are not.
    package var tier: Int
    /// Of the tier itself, cohorts below this one are admitted; there are 128.
    package var cohort: Int
    /// Turned to let other tenants be in the lowest cohorts.
    package var rotation: UInt8
    /// Whether whoever is in nobody's way is let in all the same: if nobody waits and there are seats, and in the tier
    /// itself if the tenant has nothing waiting and not too many others have.
    package var isLenient: Bool

    /// States a threshold.
    package init(tier: Int, cohort: Int, rotation: UInt8 = 0, isLenient: Bool = false) {
        self.tier = tier
        self.cohort = cohort
        self.rotation = rotation
        self.isLenient = isLenient
    }

    /// How many cohorts a tier has.
    package static let cohortCount = 128
    /// Everything is admitted.
    package static let open = AdmissionThreshold(tier: .max, cohort: 0)

    /// The cohort of a tenant.
    package func cohort(of tenant: TenantKey) -> Int {
        // Other bits than those that tables and shards use.
        Int((UInt8(truncatingIfNeeded: tenant.bits >> 40) &+ rotation) & 127)
    }

    /// Whether new work of a tenant in a tier is admitted.
    package func admits(_ tenant: TenantKey, tier: Int) -> Bool {
        tier < self.tier || tier == self.tier && cohort(of: tenant) < cohort
    }
}
