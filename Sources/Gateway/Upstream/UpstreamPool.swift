internal import NIOCore
internal import NIOSSL
internal import Vocabulary

/// The connections of one event loop to all upstreams.
///
/// The one that was used last is used next, so those that are not needed grow old and are closed.
final class UpstreamPool {
    private let eventLoop: any EventLoop
    private let set: UpstreamSet
    private let limits: UpstreamLimits
    private let tls: NIOSSLContext?
    private let connector: UpstreamConnector
    private var idle: [[UpstreamConnection]]
    private let memory: UpstreamMemory

    /// A pool without connections.
    init(
        _ set: UpstreamSet, limits: UpstreamLimits, tls: NIOSSLContext?, connector: UpstreamConnector,
        on eventLoop: any EventLoop
    ) {
        self.connector = connector
        self.set = set
        self.limits = limits
        self.tls = tls
        self.eventLoop = eventLoop
        memory = UpstreamMemory(heldBytesMax: limits.heldBytesMax)
        idle = Array(repeating: [], count: set.upstreams.count)
        scheduleSweep()
    }

    /// Gives a connection to whoever asks: at once one that is idle, else a new one when it is there.
    ///
    /// - Parameters:
    ///   - upstream: where to.
    ///   - user: who asks; is told at once if there is an idle one.
    ///   - question: what it asks.
    ///   - isNew: whether it must be a new one.
    func connect(
        to upstream: Upstream, for user: any UpstreamUser, asks question: HTTPResponseParser.Question, isNew: Bool
    ) {
        while !isNew, let connection = idle[upstream.index].popLast() {
            guard connection.isOpen else { continue }
            connection.begin(user, asks: question)
            return user.upstreamIsReady(connection)
        }
        open(upstream) { result in
            switch result {
            case .success(let connection):
                connection.begin(user, asks: question)
                user.upstreamIsReady(connection)
            case .failure(let failure): user.upstreamHasFailed(failure)
            }
        }
    }

    private func open(
        _ upstream: Upstream, then use: @escaping (Result<UpstreamConnection, UpstreamFailure>) -> Void
    ) {
        let connection = UpstreamConnection(to: upstream, limits: limits.message, memory: memory)
        let bound = NIOLoopBound(connection, eventLoop: eventLoop)
        let tls = upstream.address.isSecure ? tls : nil
        let host = upstream.address.host
        let time = TimeAmount.nanoseconds(limits.connectTimeMax.count)
        let future = connector.open(upstream.address, eventLoop, time) { channel in
            channel.eventLoop.makeCompletedFuture {
                if let tls {
                    try channel.pipeline.syncOperations.addHandler(try UpstreamPool.handler(tls, host: host))
                }
                try channel.pipeline.syncOperations.addHandler(bound.value)
            }
        }
        future.assumeIsolated().whenComplete { result in
            switch result {
            case .success where tls == nil: use(.success(connection))
            case .success: self.waitForHandshake(of: connection, then: use)
            case .failure(let error): use(.failure(UpstreamPool.failure(error)))
            }
        }
    }

    private static func failure(_ error: any Error) -> UpstreamFailure {
        if case ChannelError.connectTimeout = error { .connectTimedOut } else { .unreachable }
    }

    /// Waits for the handshake of TLS.
    ///
    /// A request that is written before may be lost with it, and whoever sent it would have to be told that it may have
    /// been done.
    private func waitForHandshake(
        of connection: UpstreamConnection, then use: @escaping (Result<UpstreamConnection, UpstreamFailure>) -> Void
    ) {
        let time = TimeAmount.nanoseconds(limits.connectTimeMax.count)
        let timer = eventLoop.assumeIsolated().scheduleTask(in: time) {
            connection.forgetHandshake()
            connection.close()
            use(.failure(.connectTimedOut))
        }
        connection.whenSecured { isSecured in
            timer.cancel()
            use(isSecured ? .success(connection) : .failure(.handshakeFailed))
        }
    }

    /// Names the host in the handshake if it is a name; certificates are checked against it either way.
    private static func handler(_ tls: NIOSSLContext, host: String) throws -> NIOSSLClientHandler {
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return try NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : host)
    }

    /// Takes a connection back after its request.
    func giveBack(_ connection: UpstreamConnection) {
        connection.release()
        let index = connection.upstream.index
        guard connection.isReusable, idle[index].count < limits.idleMax else { return connection.close() }
        connection.idleSince = eventLoop.now
        idle[index].append(connection)
    }

    /// Closes what has been idle for too long, once a second.
    private func scheduleSweep() {
        eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) { [weak self] in
            guard let self else { return }
            let oldest = eventLoop.now - .nanoseconds(limits.idleTimeMax.count)
            for index in idle.indices {
                let stale = idle[index].prefix { !$0.isOpen || $0.idleSince <= oldest }
                idle[index].removeFirst(stale.count)
                for connection in stale { connection.close() }
            }
            scheduleSweep()
        }
    }
}

/// What the answers of one event loop hold that nobody takes.
final class UpstreamMemory {
    /// Bytes.
    var heldBytes = 0
    private let heldBytesMax: Int

    /// Sets the limit.
    init(heldBytesMax: Int) { self.heldBytesMax = heldBytesMax }

    /// Whether it is too much.
    var isExhausted: Bool { heldBytes > heldBytesMax }
}
