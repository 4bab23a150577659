package import NIOCore

/// What holds while the server is away: whether it is asked, who is admitted without it, and of which tier a request
/// is.
///
/// A machine without clock, sockets and tasks: events go in, actions come out. Its owner keeps it under a lock.
package struct LocalGuard: Sendable {
    /// Whether the server is asked.
    package private(set) var breaker: Breaker
    /// What runs.
    package private(set) var places = LocalPlaces()
    private var memory: TierMemory
    private let configuration: GuardConfiguration

    /// How long an admitted request runs.
    package enum Holding: Hashable, Sendable {
        /// Until it gives its place back.
        case untilFinished
        /// Nobody says when it ends.
        case untilForgotten
    }

    /// What becomes of a request that is decided without the server.
    package enum Verdict: Hashable, Sendable {
        /// It goes on; the place is to be given back if it is held until finished.
        case admit(LocalPlaces.Place)
        /// Its tier fails closed.
        case closed(tier: String)
        /// Its tier fails open, but too much runs.
        case full(tier: String)
    }

    /// A guard that takes the server to be there.
    package init(_ configuration: GuardConfiguration) {
        self.configuration = configuration
        breaker = Breaker(configuration)
        memory = TierMemory(routesMax: configuration.routesMax)
    }

    /// Whether the server is asked.
    package var asksServer: Bool { breaker.asksServer }

    /// Takes note of what became of a call.
    package mutating func note(
        _ report: Breaker.Report, using generator: inout some RandomNumberGenerator
    ) -> Breaker.Action {
        breaker.note(report, using: &generator)
    }

    /// Takes note of what became of a probe.
    package mutating func noteProbe(
        isAnswered: Bool, using generator: inout some RandomNumberGenerator
    ) -> Breaker.Action {
        breaker.noteProbe(isAnswered: isAnswered, using: &generator)
    }

    /// Remembers what the server said.
    ///
    /// Only of operations that the policy knows, and of claims that were honoured: what strangers make up must not push
    /// out what is remembered. And only what is about the route: a caller that is in quarantine, unknown or not allowed
    /// to do this must not close it for all others.
    package mutating func learn(from decision: Decision, of call: AdmissionCall) {
        let isClaim = call.trafficClass != nil
        guard decision.operation != nil, !decision.isAboutCaller,
            !isClaim || call.trafficClass == decision.trafficClass,
            let route = TierMemory.Route(call, isClaim: isClaim)
        else { return }
        memory.note(decision.tier, of: route)
    }

    /// Counts a request that the server has admitted, until its place is given back.
    package mutating func occupy(tier: String, caller: String?) -> LocalPlaces.Place {
        places.occupy(tier: tier, caller: caller)
    }

    /// Gives a place back.
    package mutating func leave(_ place: LocalPlaces.Place) { places.leave(place) }

    /// Decides without the server.
    package mutating func decide(_ call: AdmissionCall, _ holding: Holding, at now: NIODeadline) -> Verdict {
        places.expire(at: now)
        let tier = tier(of: call)
        let limits = configuration.limits(of: tier)
        guard limits.isOpen else { return .closed(tier: tier) }
        guard let place = places.enter(tier: tier, caller: call.caller, limits: limits) else {
            return .full(tier: tier)
        }
        if holding == .untilForgotten {
            places.end(place, at: now + .nanoseconds(max(0, configuration.checkTime.nanoseconds)))
        }
        return .admit(place)
    }

    /// The tier of a request: what the server said of its route last, else what the rules say.
    ///
    /// A claim to a class counts only if the server has honoured it for the same caller on the same route.
    package mutating func tier(of call: AdmissionCall) -> String {
        if call.trafficClass != nil, let route = TierMemory.Route(call, isClaim: true),
            let tier = memory.tier(of: route)
        {
            return tier
        }
        if let route = TierMemory.Route(call), let tier = memory.tier(of: route) { return tier }
        let path = call.path ?? ""
        let rule = configuration.rules.first {
            ($0.method == nil || $0.method == call.method) && path.hasPrefix($0.pathPrefix)
        }
        return rule?.tier ?? configuration.defaultTier
    }
}

extension Decision {
    /// Whether it fell, or has its tier, by who asked and not by what was asked for.
    fileprivate var isAboutCaller: Bool {
        if tier == "quarantine" || reason == "quarantined" { return true }
        return switch outcome {
        case .block, .challenge: true
        case .admit, .queue, .throttle, .shed, .replay: false
        }
    }
}
