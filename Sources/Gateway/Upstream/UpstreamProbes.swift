package import NIOCore
package import Vocabulary

/// Asks every upstream again and again whether it is well: `GET` of a path, which must be answered with 200 to 399.
package final class UpstreamProbes: Sendable {
    private let set: UpstreamSet
    private let state: NIOLoopBoundBox<State>
    private let path: String
    private let interval: TimeAmount
    private let eventLoop: any EventLoop

    private struct State {
        var pool: UpstreamPool?
        var timer: Scheduled<Void>?
    }

    /// Begins to ask, from one event loop.
    ///
    /// - Precondition: the path begins with a slash and has no blanks.
    package init(
        _ services: ProxyServices, path: String, interval: Nanoseconds = .seconds(2), on eventLoop: any EventLoop
    ) {
        set = services.upstreams
        self.path = path
        self.interval = .nanoseconds(interval.count)
        self.eventLoop = eventLoop
        state = NIOLoopBoundBox.makeBoxSendingValue(State(), eventLoop: eventLoop)
        eventLoop.execute { [self] in
            var limits = services.limits.upstream
            limits.idleMax = 0
            state.value.pool = UpstreamPool(
                set, limits: limits, tls: services.tls?.context, connector: services.connector, on: self.eventLoop)
            ask()
        }
    }

    /// Asks no more.
    package func stop() {
        eventLoop.execute { [self] in
            state.value.timer?.cancel()
            state.value.pool = nil
        }
    }

    private func ask() {
        guard let pool = state.value.pool else { return }
        for upstream in set.upstreams {
            UpstreamProbe(upstream, of: set, path: path, timeout: interval, on: eventLoop).begin(with: pool)
        }
        state.value.timer = eventLoop.assumeIsolated().scheduleTask(in: interval) { [weak self] in self?.ask() }
    }
}

/// One question to one upstream.
private final class UpstreamProbe: UpstreamUser {
    private let upstream: Upstream
    private let set: UpstreamSet
    private let path: String
    private let eventLoop: any EventLoop
    private let timeout: TimeAmount
    private var connection: UpstreamConnection?
    private var timer: Scheduled<Void>?
    private var isOver = false
    /// Nobody else holds it while it waits.
    private var itself: UpstreamProbe?

    init(_ upstream: Upstream, of set: UpstreamSet, path: String, timeout: TimeAmount, on eventLoop: any EventLoop) {
        self.upstream = upstream
        self.set = set
        self.path = path
        self.timeout = timeout
        self.eventLoop = eventLoop
    }

    func begin(with pool: UpstreamPool) {
        itself = self
        timer = eventLoop.assumeIsolated().scheduleTask(in: timeout) { [weak self] in self?.end(isGood: false) }
        pool.connect(to: upstream, for: self, asks: .other, isNew: true)
    }

    private func end(isGood: Bool) {
        guard !isOver else { return }
        isOver = true
        timer?.cancel()
        connection?.close()
        set.noteProbe(of: upstream, isGood)
        itself = nil
    }

    func upstreamIsReady(_ connection: UpstreamConnection) {
        guard !isOver else { return connection.close() }
        self.connection = connection
        let address = upstream.address
        let host = address.host.contains(":") ? "[\(address.host)]" : address.host
        connection.write(
            ByteBuffer(
                string: "GET \(path) HTTP/1.1\r\nHost: \(host):\(address.port)\r\nUser-Agent: headgate\r\n"
                    + "Connection: close\r\n\r\n"))
        connection.flush()
    }

    func receive(_ head: HTTPResponseHead, _ bytes: ByteBuffer) { end(isGood: (200...399).contains(head.status)) }

    func upstreamHasFailed(_ failure: UpstreamFailure) { end(isGood: false) }

    func receiveInterim(_ head: HTTPResponseHead, _ bytes: ByteBuffer) {}
    func receive(answer content: ByteBuffer) {}
    func receiveAnswerEnd(trailers: ByteBuffer?) {}
    func receivedAll() {}
    func upstreamHasRoom() {}
}
