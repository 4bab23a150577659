internal import Admission
internal import NIOCore
internal import Policy
internal import Vocabulary

/// Requests that ask for seats before their bodies have come.
///
/// A few clients that send slowly must not keep everybody else waiting. So only some of a tier's seats are for such
/// requests (`ArrivingBodies`), and one whose body rests there while others wait is ended.
extension ProxyExchange {
    /// What a request whose body is still to come has in `ArrivingBodies`.
    struct Arriving {
        /// The number of its place, or of its turn.
        var place: UInt64
        /// The end of its wait; `nil`: it has its place.
        var timer: Scheduled<Void>?
    }

    /// Asks for seats, after a place if the body is still to come.
    func askForPlace(
        _ decision: Decision, at now: Nanoseconds, describe: () -> (method: String, path: String)
    ) {
        guard traits.hasBody, !gathered.isWhole, decision.stage == .enforce else {
            return askForSeats(decision, at: now, describe: describe)
        }
        let tier = decision.policy.tiers[decision.classification.tier]
        let (waitMax, eventLoop) = (tier.queue?.waitMax ?? .zero, loop.eventLoop)
        let answer = loop.services.arriving.ask(
            tier.name, of: decision.tenantKey ?? SeatRequest.unknownTenant,
            most: loop.seats.arrivingMax(tier: tier.name), waitingMax: Int(tier.queue?.depthMax ?? 0)
        ) { [weak self] isGranted in
            guard let self else { return }
            eventLoop.execute { if isGranted { self.placeGranted() } else { self.refusePlace(.queueFull) } }
        }
        switch answer {
        case .granted(let place):
            arriving = Arriving(place: place)
            askForSeats(decision, at: now, describe: describe)
        case .queued(let place):
            description = describe()
            askedAt = now
            phase = .lined
            let timer = eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(waitMax.count)) { [weak self] in
                guard let self else { return }
                refusePlace(.queueTimeout)
            }
            arriving = Arriving(place: place, timer: timer)
        case .full:
            description = describe()
            askedAt = now
            phase = .lined
            refusePlace(tier.queue == nil ? .concurrencyLimit : .queueFull)
        }
    }

    /// There is a place: the request goes on to ask for seats.
    private func placeGranted() {
        guard phase == .lined, let decision else { return }
        arriving?.timer?.cancel()
        arriving?.timer = nil
        let now = Clock.monotonic()
        lined = Nanoseconds(max(0, now.count - askedAt.count))
        askForSeats(decision, at: now) { description }
    }

    /// There is no place, and it does not wait any more.
    private func refusePlace(_ reason: Reason) {
        guard phase == .lined, let decision else { return }
        leavePlace()
        let waited = Nanoseconds(max(0, Clock.monotonic().count - askedAt.count))
        loop.seats.noteRefusal(reason, tier: decision.policy.tiers[decision.classification.tier].name)
        lined = waited
        refuseSeats(decision, reason, retryAfter: .second, waited: .zero) { description }
    }

    /// The body has come, or nobody wants it any more.
    func leavePlace() {
        guard let arriving else { return }
        self.arriving = nil
        arriving.timer?.cancel()
        loop.services.arriving.leave(arriving.place)
    }

    /// Looks now and then whether the body comes, as long as it has not.
    func watchBody() {
        guard arriving != nil, decision != nil else { return }
        bodyBytesSeen = bodyBytes
        slowLooks = 0
        lookAtBody()
    }

    private func lookAtBody() {
        loop.eventLoop.assumeIsolated().scheduleTask(in: ProxyExchange.lookInterval) { [weak self] in
            guard let self, phase == .sending, !requestIsSent, hold != nil else { return }
            let isSlow = connection?.isWritable == true && bodyBytes - bodyBytesSeen < ProxyExchange.lookBytesMin
            bodyBytesSeen = bodyBytes
            slowLooks = isSlow ? slowLooks + 1 : 0
            if slowLooks >= ProxyExchange.slowLooksMax, isWaitedFor { return fail(.bodyTooSlow) }
            lookAtBody()
        }
    }

    /// Whether anybody waits who would have the seat: of its own tier or of a more protected one.
    private var isWaitedFor: Bool {
        guard let decision else { return false }
        let tier = decision.policy.tiers[decision.classification.tier].name
        return loop.seats.isWaitedFor(downTo: tier) || loop.services.arriving.isWaitedFor(tier)
    }

    private static let lookInterval = TimeAmount.milliseconds(250)
    /// 500 bytes a second, as `ListenerLimits.bodyRateMin`.
    private static let lookBytesMin = 125
    /// Three quarters of a second: a packet that is lost is sent again within that, mostly.
    private static let slowLooksMax = 3
}
