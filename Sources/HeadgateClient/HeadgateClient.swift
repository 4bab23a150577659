public import Logging
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Asks a Headgate server about requests, and goes on when it is away.
///
/// ```swift
/// let headgate = try HeadgateClient(configuration: .init(server: "http://127.0.0.1:8080"))
/// let decision = await headgate.check(AdmissionCall(method: "GET", path: "/v1/envelopes/7"))
/// ```
///
/// Every call ends in time and none throws. When there is no answer, the local guard decides: by tier, within limits on
/// what runs at once, and without asking again on behalf of a request until the server was found to be back. Answers
/// are not kept: an admission that is given twice would be charged once.
public final class HeadgateClient: AdmissionSource {
    let configuration: Configuration
    let wire: any Wire
    let log: Logger
    let state: Mutex<State>
    private let leases: LeaseBook

    /// What the lock guards.
    struct State: Sendable {
        /// What holds while the server is away.
        var localGuard: LocalGuard
        /// Spreads probes.
        var generator = SystemRandomNumberGenerator()
        /// When the log was told last that the server does not understand us.
        var lastComplaint: NIODeadline?
    }

    /// A client that connects when it is first asked.
    ///
    /// - Parameters:
    ///   - configuration: where the server is, and what holds while it is away.
    ///   - logger: hears when the server is away, when it is back, and when it does not understand us.
    /// - Throws: `ConfigurationError` if the address is none, or certificates cannot be read.
    public convenience init(
        configuration: Configuration, logger: Logger = Logger(label: "headgate.client")
    ) throws(ConfigurationError) {
        let wire = SocketWire(
            try configuration.address(), configuration.wireSettings, tls: try configuration.tls(),
            on: MultiThreadedEventLoopGroup.singleton.next())
        self.init(configuration: configuration, wire: wire, logger: logger)
    }

    /// A client over another wire.
    package init(configuration: Configuration, wire: any Wire, logger: Logger) {
        var configuration = configuration
        configuration.leaseTime = min(max(configuration.leaseTime, .seconds(1)), .seconds(3_600))
        self.configuration = configuration
        self.wire = wire
        log = logger
        state = Mutex(State(localGuard: LocalGuard(configuration.localGuard)))
        leases = LeaseBook(wire, callTimeout: configuration.callTimeout, lease: configuration.leaseTime, logger: logger)
    }

    deinit { wire.close() }

    /// Whether the server is taken to be away, so that nobody asks it.
    public var isServerAway: Bool { state.withLock { !$0.localGuard.asksServer } }

    /// Ends the connections; calls from now on are decided by the guard, and seats that are held are given back when
    /// their leases run out.
    public func close() { wire.close() }

    /// Decides about a request, without seats: at once, and nobody says when the request ends.
    public func check(_ call: AdmissionCall) async -> Decision {
        let timeMax = TimeAmount.nanoseconds(configuration.callTimeout.nanoseconds)
        let answer = await ask(call) { WireCall(.post, "/v1/check", body: WireEncoding.check(call), timeMax: timeMax) }
        switch answer {
        case .decided(let answer): return answer.decision
        case .unanswered: return decideLocally(call, .untilForgotten).decision
        case .refused(let decision): return decision
        }
    }

    /// Decides about a request, and waits for its seats as long as it may.
    public func admit(_ call: AdmissionCall) async -> Admission {
        let waitMax = call.waitMax ?? configuration.waitMax
        let lease = configuration.leaseTime
        let timeMax = TimeAmount.nanoseconds((configuration.callTimeout + max(.zero, waitMax)).nanoseconds)
        let answer = await ask(call) {
            WireCall(
                .post, "/v1/admissions", body: WireEncoding.admission(call, waitMax: waitMax, lease: lease),
                timeMax: timeMax)
        }
        switch answer {
        case .decided(let answer):
            guard answer.decision.isAdmitted else { return Admission(answer.decision, holding: nil) }
            let place = state.withLock { $0.localGuard.occupy(tier: answer.decision.tier, caller: call.caller) }
            if let lease = answer.lease { leases.add(lease, credential: call.credential) }
            return Admission(answer.decision, holding: seats(in: place, lease: answer.lease, of: call))
        case .unanswered:
            let (decision, place) = decideLocally(call, .untilFinished)
            return Admission(decision, holding: place.map { seats(in: $0, lease: nil, of: call) })
        case .refused(let decision): return Admission(decision, holding: nil)
        }
    }

    private func seats(
        in place: LocalPlaces.Place, lease: DecidedAnswer.Lease?, of call: AdmissionCall
    ) -> HeldSeats {
        HeldSeats { [self] ending in
            state.withLock { $0.localGuard.leave(place) }
            if let lease { leases.end(lease, credential: call.credential, ending) }
        }
    }
}
