internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// The connections of one client to its server, all on one event loop.
///
/// The one that was used last is used next. A call that finds none idle opens one, or waits when there are as many as
/// may be. The time of a call runs from when it was made, whatever it waits for. A call whose connection ends is not
/// made again: the server may have charged it.
final class ConnectionPool {
    private let eventLoop: any EventLoop
    private let address: ServerAddress
    private let settings: WireSettings
    private let tls: NIOSSLContext?
    private var idle: [AnswerCollector] = []
    private var connectionCount = 0
    private var calls: [WireTicket: Call] = [:]
    private var waiting: [WireTicket] = []
    private var isClosed = false

    private struct Call {
        let call: WireCall
        let receive: @Sendable (Result<WireAnswer, WireFailure>) -> Void
        let timer: Scheduled<Void>
        var connection: AnswerCollector?
    }

    /// A pool without connections.
    init(_ address: ServerAddress, _ settings: WireSettings, tls: NIOSSLContext?, on eventLoop: any EventLoop) {
        self.address = address
        self.settings = settings
        self.tls = tls
        self.eventLoop = eventLoop
    }

    /// Makes a call.
    func send(
        _ call: WireCall, _ ticket: WireTicket,
        then receive: @escaping @Sendable (Result<WireAnswer, WireFailure>) -> Void
    ) {
        guard !isClosed else { return receive(.failure(.closed)) }
        let timer: Scheduled<Void> = eventLoop.assumeIsolated().scheduleTask(in: call.timeMax) { [weak self] in
            self?.expire(ticket)
        }
        calls[ticket] = Call(call: call, receive: receive, timer: timer)
        let oldest = eventLoop.now - settings.idleTimeMax
        while let connection = idle.popLast() {
            guard connection.isReusable, connection.idleSince > oldest else {
                connection.close()
                continue
            }
            return begin(ticket, on: connection)
        }
        if connectionCount < settings.connectionsMax {
            open(for: ticket)
        } else if waiting.count < settings.waitingMax {
            waiting.append(ticket)
        } else {
            end(ticket, .failure(.crowded))
        }
    }

    /// Gives a call up.
    func cancel(_ ticket: WireTicket) { end(ticket, .failure(.cancelled)) }

    /// Ends everything.
    func close() {
        isClosed = true
        for ticket in calls.keys { end(ticket, .failure(.closed)) }
        for connection in idle { connection.close() }
        idle = []
    }

    /// The time of a call is over; one that has not found a connection says nothing about the server.
    private func expire(_ ticket: WireTicket) {
        end(ticket, .failure(waiting.contains(ticket) ? .crowded : .timedOut))
    }

    /// Ends a call, once; whatever comes for it later finds nothing.
    private func end(_ ticket: WireTicket, _ result: Result<WireAnswer, WireFailure>) {
        guard let call = calls.removeValue(forKey: ticket) else { return }
        call.timer.cancel()
        if call.connection == nil, let place = waiting.firstIndex(of: ticket) { waiting.remove(at: place) }
        // The answer would come in the place of another one's.
        call.connection?.close()
        call.receive(result)
    }

    private func begin(_ ticket: WireTicket, on connection: AnswerCollector) {
        guard let call = calls[ticket]?.call else { return giveBack(connection) }
        calls[ticket]?.connection = connection
        connection.send(call, head: fields(of: call)) { [weak self] result in
            self?.calls[ticket]?.connection = nil
            self?.end(ticket, result)
            self?.giveBack(connection)
        }
    }

    private func fields(of call: WireCall) -> HTTPHeaders {
        var fields: HTTPHeaders = ["Host": address.authority, "User-Agent": "headgate-client"]
        if call.body.readableBytes > 0 { fields.add(name: "Content-Type", value: "application/json") }
        if call.method != .get { fields.add(name: "Content-Length", value: String(call.body.readableBytes)) }
        if let token = settings.gatewayToken { fields.add(name: "Headgate-Gateway-Token", value: token) }
        return fields
    }

    /// Takes a connection back; the call that has waited longest is next.
    private func giveBack(_ connection: AnswerCollector) {
        guard !isClosed, connection.isReusable else { return connection.close() }
        while !waiting.isEmpty {
            let next = waiting.removeFirst()
            if calls[next] != nil { return begin(next, on: connection) }
        }
        connection.idleSince = eventLoop.now
        idle.append(connection)
    }

    private func open(for ticket: WireTicket) {
        connectionCount += 1
        let connection = AnswerCollector()
        let bound = NIOLoopBound(connection, eventLoop: eventLoop)
        let (tls, host) = (tls, address.host)
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(settings.connectTimeMax)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(ConnectionPool.handler(tls, host: host)) }
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(bound.value)
                }
            }
        // A name is resolved for each connection, so that a server that moves is found.
        let future =
            (try? SocketAddress(ipAddress: host, port: address.port)).map { bootstrap.connect(to: $0) }
            ?? bootstrap.connect(host: host, port: address.port)
        future.assumeIsolated().whenComplete { [weak self] result in
            self?.opened(connection, result, for: ticket)
        }
    }

    private func opened(_ connection: AnswerCollector, _ result: Result<any Channel, any Error>, for ticket: WireTicket)
    {
        switch result {
        case .failure(let error):
            connectionCount -= 1
            if case ChannelError.connectTimeout = error { end(ticket, .failure(.timedOut)) }
            end(ticket, .failure(.unreachable))
            retryWaiting()
        case .success(let channel):
            channel.closeFuture.assumeIsolated().whenComplete { [weak self] _ in
                self?.connectionCount -= 1
                self?.retryWaiting()
            }
            begin(ticket, on: connection)
        }
    }

    /// A connection has gone: one who waits may open another in its place.
    private func retryWaiting() {
        while connectionCount < settings.connectionsMax, !waiting.isEmpty {
            let next = waiting.removeFirst()
            if calls[next] != nil { return open(for: next) }
        }
    }

    /// Names the host in the handshake if it is a name; certificates are checked against it either way.
    private static func handler(_ tls: NIOSSLContext, host: String) throws -> NIOSSLClientHandler {
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return try NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : host)
    }
}
