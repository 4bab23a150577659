/// What happens to a request.
package enum Outcome: UInt8, CaseIterable, Sendable {
    /// The request goes on.
    case admit
    /// The request waits for a seat.
    case queue
    /// The caller has spent a budget of its own: 429.
    case throttle
    /// The service lacks capacity for work of this tier: 503.
    case shed
    /// The caller may not do this: 401 or 403.
    case block
    /// The caller must first prove more about itself: 401.
    case challenge
    /// A stored answer is given again.
    case replay

    /// The word on the wire.
    package var name: String {
        switch self {
        case .admit: "admit"
        case .queue: "queue"
        case .throttle: "throttle"
        case .shed: "shed"
        case .block: "block"
        case .challenge: "challenge"
        case .replay: "replay"
        }
    }
}

/// The levels of the budget hierarchy, outermost first.
package enum BudgetLevel: UInt8, CaseIterable, Sendable {
    /// The whole service; its lanes are tiers.
    case service
    /// One region; its lanes are tiers.
    case region
    /// One tenant; its lanes are classes.
    case tenant
    /// One class of one tenant.
    case trafficClass
    /// One operation of one tenant.
    case operation
    /// A calendar allowance of one tenant.
    case quota
    /// A limit that counts by the descriptors of Envoy's rate limit protocol alone.
    case descriptor

    /// The name on the wire.
    package var name: String {
        switch self {
        case .service: "service"
        case .region: "region"
        case .tenant: "tenant"
        case .trafficClass: "tenant/class"
        case .operation: "tenant/operation"
        case .quota: "tenant/quota"
        case .descriptor: "descriptor"
        }
    }
}

/// How a snapshot is applied to a class (design §4.6), mildest first.
package enum Stage: UInt8, CaseIterable, Comparable, Sendable {
    /// Count the traffic, look at no budget.
    case observe
    /// Decide and record what enforcement would have said; admit.
    case shadow
    /// As shadow, and tell the caller in headers.
    case advise
    /// Decide, and mean it.
    case enforce

    /// The word that policies and records use.
    package var name: String {
        switch self {
        case .observe: "observe"
        case .shadow: "shadow"
        case .advise: "advise"
        case .enforce: "enforce"
        }
    }

    package static func < (left: Stage, right: Stage) -> Bool { left.rawValue < right.rawValue }
}

/// Which of a budget's three ceilings holds; system health picks (design §4.3).
package enum Envelope: UInt8, CaseIterable, Sendable {
    /// What always holds, also under stress.
    case baseline
    /// What holds while the system is steady.
    case burst
    /// What holds while there is capacity to spare.
    case overload

    /// The word that policies and records use.
    package var name: String {
        switch self {
        case .baseline: "baseline"
        case .burst: "burst"
        case .overload: "overload"
        }
    }
}

/// What happens to the business when work of a class is refused.
package enum Consequence: UInt8, CaseIterable, Sendable {
    /// It can slow down or come back later.
    case low
    /// Its lag is felt by a person or breaks a promise, but it may retry within bounds.
    case timeSensitive
    /// It restores correct data after drift or failure.
    case repair
    /// It is how people and tools end an incident.
    case recovery

    /// The word that policies use.
    package var name: String {
        switch self {
        case .low: "low"
        case .timeSensitive: "time-sensitive"
        case .repair: "repair"
        case .recovery: "recovery"
        }
    }

    /// Whether work of this consequence must have an answer to "what happens when it is limited?".
    package var isProtected: Bool { self == .repair || self == .recovery }
}
