internal import NIOCore
internal import Vocabulary

/// The share of a listener that lives on one event loop: its responder, its writer, its connections and their
/// deadlines.
///
/// Everything in here is touched on that loop only, so there are no locks.
///
/// Deadlines. A timer per connection would cost an allocation and two heap operations per request. Instead each
/// connection keeps a number, and once per second the loop compares all of them with the clock: 10,000 comparisons a
/// second cost less than one request, and a request costs no clock reading.
final class ListenerLoop<Responder: HTTPResponder> {
    /// The loop.
    let eventLoop: any EventLoop
    /// What strangers get at most.
    let limits: ListenerLimits
    /// What answers requests on this loop.
    var responder: Responder
    /// The monotonic clock at the last tick.
    private(set) var now: NIODeadline
    /// Memory that incomplete requests and untaken answers hold.
    var heldBytes = 0
    /// What connections of HTTP/2 write with.
    let http2 = HTTP2Workspace()
    /// Whether the listener is about to shut down: each answer is the last of its connection.
    private(set) var isStopping = false
    /// Whether the listener is shutting down: no connection stays open beyond its present request.
    private(set) var isDraining = false

    /// Where answers are written before a connection sends them; `nil` while one does.
    private var writer: HTTPResponseWriter? = HTTPResponseWriter()
    /// What the field `Date` says.
    private var date = ""
    private let wallClock: @Sendable () -> WallTime
    private var connections: [any ListenedConnection] = []
    /// Connections whose TLS handshake is not over.
    private var gates: [ObjectIdentifier: TLSGate<Responder>] = [:]
    private var nextTick: Scheduled<Void>?
    private var drained: EventLoopPromise<Void>?

    /// How often deadlines are looked at and the field `Date` is renewed: its unit is the second.
    static var tickInterval: TimeAmount { .seconds(1) }

    /// Begins to tick.
    init(
        eventLoop: any EventLoop, limits: ListenerLimits, responder: Responder,
        wallClock: @escaping @Sendable () -> WallTime
    ) {
        self.eventLoop = eventLoop
        self.limits = limits
        self.responder = responder
        self.wallClock = wallClock
        now = eventLoop.now
        tick()
    }

    /// Renews the clock and the date, and closes the connections whose time has run out.
    ///
    /// - Complexity: O(connections).
    private func tick() {
        now = eventLoop.now
        date = HTTPDate.text(wallClock())
        writer?.setDate(date)
        lookAtConnections()
        relieve()
        for gate in gates.values where gate.deadline <= now { gate.timeOut() }
        nextTick = eventLoop.assumeIsolated().scheduleTask(in: ListenerLoop.tickInterval) { [weak self] in
            self?.tick()
        }
    }

    private func lookAtConnections() {
        for connection in connections {
            if connection.deadline <= now { connection.timeOut() } else { connection.tick() }
        }
    }

    /// Makes room where more memory is held than may be: the connections that hold the most give theirs back.
    ///
    /// Not the one that has just come: whoever holds little must not pay for those who hold much. A sixteenth is freed
    /// at once, so that a flood of small pieces does not sort the connections for each of them.
    ///
    /// - Precondition: no connection is in the middle of a frame.
    /// - Complexity: O(1), or O(n log n) in the connections if memory is full.
    func relieve() {
        guard heldBytes > limits.heldBytesMax else { return }
        let enough = limits.heldBytesMax - limits.heldBytesMax / 16
        for connection in connections.sorted(by: { $0.memory > $1.memory }) {
            guard heldBytes > enough, connection.memory > 0 else { return }
            connection.giveBack(untilLoopHolds: enough)
        }
    }

    /// Lends the writer, empty; who takes it gives it back.
    ///
    /// Should one connection's answer set off another's, the second gets a writer of its own: answers never mix.
    func takeWriter() -> HTTPResponseWriter {
        guard var taken = writer.take() else { return HTTPResponseWriter(date: date) }
        taken.clear()
        return taken
    }

    /// Takes the writer back, and its memory with it.
    func giveBack(_ returned: consuming HTTPResponseWriter) { writer = consume returned }

    /// The moment that lies a time ahead, and a tick further: the clock here is up to a tick late.
    func deadline(in time: Nanoseconds) -> NIODeadline { now + .nanoseconds(time.count) + ListenerLoop.tickInterval }

    /// From an answer to the next request's first byte; little when the listener shuts down.
    var idleTimeMax: Nanoseconds { isDraining ? min(limits.farewellTimeMax, limits.idleTimeMax) : limits.idleTimeMax }

    /// When connections are closed that were idle when the listener began to shut down: then they are looked at.
    private(set) var drainDeadline = NIODeadline.distantFuture

    /// Takes care of a connection.
    func add(_ connection: any ListenedConnection) {
        connection.position = connections.count
        connections.append(connection)
    }

    /// Forgets a connection that is closed.
    ///
    /// - Complexity: O(1): the last one takes its place.
    func remove(_ connection: any ListenedConnection) {
        guard let position = connection.position else { return }
        connection.position = nil
        let last = connections.removeLast()
        if last !== connection {
            connections[position] = last
            last.position = position
        }
        if connections.isEmpty { drained?.succeed() }
    }

    /// Takes care of a connection whose TLS handshake begins.
    func add(_ gate: TLSGate<Responder>) { gates[ObjectIdentifier(gate)] = gate }

    /// Forgets a connection whose TLS handshake is over.
    func remove(_ gate: TLSGate<Responder>) { gates[ObjectIdentifier(gate)] = nil }

    /// Makes the handler of a connection.
    func connectionHandler(
        for channel: any Channel, trust: HTTPPeer.Trust?, agreement: ApplicationProtocol? = nil
    ) -> ConnectionHandler<Responder> {
        ConnectionHandler(
            loop: self, peer: HTTPPeer(address: channel.remoteAddress, trust: trust), agreement: agreement)
    }

    /// The calendar clock.
    var wallTime: WallTime { wallClock() }

    /// Makes each answer the last of its connection.
    ///
    /// Before the port is closed, so that whoever finds it closed is also told to go by every answer.
    func stop() { isStopping = true }

    /// Lets every connection finish what it is at, and closes those that are left when the time is up.
    ///
    /// - Returns: a future that succeeds when no connection is left.
    func drain(within time: TimeAmount) -> EventLoopFuture<Void> {
        if let drained { return drained.futureResult }
        let promise = eventLoop.makePromise(of: Void.self)
        drained = promise
        isStopping = true
        isDraining = true
        now = eventLoop.now
        drainDeadline = now + .nanoseconds(limits.farewellTimeMax.count)
        for gate in gates.values { gate.close() }
        for connection in connections { connection.drain() }
        let cut = eventLoop.assumeIsolated().scheduleTask(in: time) { [self] in
            for connection in connections { connection.close() }
        }
        // Without waiting for a tick: a stop is looked at by somebody who waits for it.
        let look = eventLoop.assumeIsolated().scheduleTask(deadline: drainDeadline) { [self] in
            now = eventLoop.now
            lookAtConnections()
        }
        promise.futureResult.assumeIsolated().whenComplete { [self] _ in
            cut.cancel()
            look.cancel()
            nextTick?.cancel()
        }
        if connections.isEmpty { promise.succeed() }
        return promise.futureResult
    }
}
