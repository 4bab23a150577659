internal import Admission
internal import NIOCore
internal import Vocabulary

/// One request on its way: decided, held until it has seats, passed on to an upstream, and its answer passed back.
///
/// While it waits nothing of its body is read, and of its head only what the upstream gets is kept. Its parts are
/// `+Begin` (decide), `+Gathering` (let the client send), `+Seats` (wait), `+Request` (pass on), `+Answer` (pass back)
/// and `+Ending`.
// SAFETY: made, used and let go of on one event loop; what is called from elsewhere, by the gate of seats, is called
// on that loop (`SeatWaiter`).
final class ProxyExchange: @unchecked Sendable {
    /// What the exchanges of the event loop share.
    let loop: ProxyLoop
    /// The client's side; `nil` when there is nothing more to say to it.
    var downstream: (any HTTPDownstream)?
    /// Whether the client has left.
    private(set) var hasLeft = false
    /// What is happening.
    var phase = Phase.deciding {
        didSet { noteWaiting(after: oldValue) }
    }
    /// Where it stands among those of its loop that wait.
    var waitingPosition: Int?
    /// What was decided.
    var decision: Decision?
    /// The seats it holds, or waits for.
    var hold: SeatHold?
    /// Whether it is counted among the tunnels.
    var isTunnel = false
    /// The request's head as the upstream gets it, and behind it what has been gathered of the body.
    var head = ByteBuffer()
    /// What of the request matters beside its head.
    var traits = Traits()
    /// The method and the path, kept for the record of one that waits.
    var description = (method: "", path: "")
    /// What its idempotency key asks for; `nil`: it has none that counts.
    var keyed: KeyedExchange?
    /// The upstream that has the request.
    var upstream: Upstream?
    /// The connection to it.
    var connection: UpstreamConnection?
    /// The upstreams that it was tried on, a bit each.
    var tried: UInt64 = 0
    /// How often it was tried.
    var attempts = 0
    /// Whether the next connection must be a new one.
    var wantsNewConnection = false
    /// What of the body has been gathered before seats were asked for.
    var gathered = Gathered()
    /// Whether anything of the body has been taken from the client that is not in `head`.
    var bodyIsTouched = false
    /// Whether the upstream has been sent all of the request.
    var requestIsSent = false
    /// What the answer's status was, once it has begun.
    var status = 0
    /// When it was given to an upstream, by the monotonic clock.
    var startedAt = Nanoseconds.zero
    /// When an upstream had all of it, likewise; `nil`: none has.
    var sentAt: Nanoseconds?
    /// Whether the client has kept its answer waiting.
    var clientIsSlow = false
    /// Ticks in a row at which it did.
    private var stalledTicks = 0
    /// Bytes of the answer's body that have come.
    var answerBytes = 0
    /// What it has in `ArrivingBodies`; `nil`: its body has come, or it has not asked.
    var arriving: Arriving?
    /// How long it waited there.
    var lined = Nanoseconds.zero
    /// Bytes of the body that have come, and how many had at the last look.
    var (bodyBytes, bodyBytesSeen) = (0, 0)
    /// Looks in a row at which hardly any had come.
    var slowLooks = 0
    /// When it arrived, likewise.
    var arrivedAt = Nanoseconds.zero
    /// When it asked for seats, likewise.
    var askedAt = Nanoseconds.zero
    /// How long it waited for them.
    var waited = Nanoseconds.zero
    /// How long the upstream took to begin its answer.
    var upstreamTime: Nanoseconds?
    /// When the upstream must have said something more.
    var answerDeadline = NIODeadline.distantFuture
    /// How long it may take in all.
    var timeMax: Nanoseconds?
    /// When all must be over.
    var deadline: Scheduled<Void>?
    /// Whether that moment has come while it waited for seats.
    var deadlineIsOver = false

    /// What happens to a request.
    enum Phase: Hashable {
        /// It is being decided. Can transition to all others.
        case deciding
        /// It repeats a request whose answer it waits for. Can transition to `deciding`, `repeating` and `over`.
        case joining
        /// It repeats a request, and its body is read to see whether it is the same. Can transition to `over`.
        case repeating
        /// The beginning of its body is read. Can transition to `lined`, `waiting`, `connecting` and `over`.
        case gathering
        /// Its body is still to come, and enough such requests have seats. Can transition to `waiting`, `connecting`
        /// and `over`.
        case lined
        /// It waits for seats. Can transition to `connecting` and `over`.
        case waiting
        /// It waits for a connection. Can transition to itself, `sending` and `over`.
        case connecting
        /// It is sent. Can transition to `connecting`, `answering` and `over`.
        case sending
        /// Its answer is passed back. Can transition to `over`.
        case answering
        /// Both ends speak another protocol. Can transition to `over`.
        case tunnelling
        /// It is over.
        case over
    }

    /// What of a request matters beside its head.
    struct Traits {
        /// Whether its answer has no body.
        var isHead = false
        /// Whether doing it twice does no more than doing it once (RFC 9110 §9.2.2).
        var isIdempotent = false
        /// Whether it has a body.
        var hasBody = false
        /// Whether that comes in chunks.
        var isChunked = false
        /// Whether the client asks for another protocol.
        var asksUpgrade = false
    }

    /// Begins with a client.
    init(_ loop: ProxyLoop, to downstream: any HTTPDownstream) {
        self.loop = loop
        self.downstream = downstream
    }
}

extension ProxyExchange: HTTPExchange {
    func receive(_ content: ByteBuffer) {
        keyed?.note(content)
        bodyBytes += content.readableBytes
        switch phase {
        case .repeating: break
        case .gathering: gather(content)
        case .deciding, .joining, .lined, .waiting, .connecting, .sending, .answering, .tunnelling, .over: send(content)
        }
    }

    func receiveEnd(trailers: ByteBuffer?) {
        switch phase {
        case .repeating: endRepeat()
        case .gathering: endGathering(trailers)
        case .deciding, .joining, .lined, .waiting, .connecting, .sending, .answering, .tunnelling, .over:
            sendEnd(trailers)
        }
    }

    func resume() {
        connection?.readsAnswer = true
        downstream?.flush()
    }

    func abandon(for violation: HTTPViolation?) {
        downstream = nil
        hasLeft = true
        if violation == nil { loop.services.counts.noteAbandoned() }
        if goesOnWithoutClient() { return }
        switch phase {
        case .gathering, .lined:
            stopGathering()
            finish(.abandoned)
        case .waiting: leaveQueue(for: violation == .outOfMemory ? .memoryExhausted : .clientClosed)
        case .joining, .repeating:
            stopRepeating()
            finish(.abandoned)
        case .deciding, .over: phase = .over
        // What clients do says nothing about the upstream: else they could make it look slow.
        case .connecting, .sending, .answering, .tunnelling: finish(.failed)
        }
    }

    func tick(at now: NIODeadline) {
        lendSeats()
        if phase == .gathering { return gatherOn() }
        guard now >= answerDeadline else { return }
        switch phase {
        case .sending: if waitsForUpstream { fail(.answerTimedOut) }
        case .answering: if waitsForUpstream { fail(.bodyTimedOut) }
        case .tunnelling: fail(.tunnelTimedOut)
        case .joining:
            keyed?.wait?.cancel()
            guard let decision else { return }
            decision.refuse(.keyInUse, repetition: decision.repetition)
            loop.decider.conclude(decision, nil) { description }
            refuse()
        case .deciding, .repeating, .gathering, .lined, .waiting, .connecting, .over: break
        }
    }

    /// Gives the seats back when the client has not taken its answer for two ticks.
    ///
    /// The upstream has answered, and a few clients that do not read must not keep everybody else waiting.
    private func lendSeats() {
        stalledTicks = phase == .answering && connection?.readsAnswer == false ? stalledTicks + 1 : 0
        if stalledTicks == 2 { giveSeatsBack(.completed, latency: upstreamTime) }
    }

    /// Whether it is the upstream that does not go on.
    ///
    /// A client that does not take its answer, or does not go on with its body, has a deadline of its own connection.
    private var waitsForUpstream: Bool {
        guard let connection else { return false }
        return connection.readsAnswer && (requestIsSent || !connection.isWritable)
    }
}
