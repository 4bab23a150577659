internal import NIOCore
internal import NIOPosix

/// Clients that send on schedule, whatever the answers do.
final class Load {
    private let port: Int
    private let eventLoop: any EventLoop
    private var idle: [Client] = []
    private let counts: Range<NIODeadline>
    private let end: NIODeadline

    private init(port: Int, eventLoop: any EventLoop, seconds: Double, warmUp: Double) {
        self.port = port
        self.eventLoop = eventLoop
        let start = eventLoop.now + .nanoseconds(Int64(warmUp * 1e9))
        end = start + .nanoseconds(Int64(seconds * 1e9))
        counts = start..<end
    }

    /// Sends, and says what became of it.
    static func run(_ path: String, port: Int, seconds: Double, warmUp: Double) async throws -> [String] {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let bound = try await loop.submit { NIOLoopBound(try Stream.read(path), eventLoop: loop) }.get()
        try await loop.flatSubmit {
            let load = Load(port: port, eventLoop: loop, seconds: seconds, warmUp: warmUp)
            for stream in bound.value { load.schedule(stream, at: loop.now) }
            // Until the last client has lost patience.
            let patience = bound.value.map(\.patienceMilliseconds).max() ?? 0
            return loop.assumeIsolated().scheduleTask(
                in: .nanoseconds(Int64((seconds + warmUp) * 1e9) + patience * 1_000_000)
            ) { _ = load }.futureResult
        }.get()
        let lines = try await loop.submit { bound.value.map { $0.summary() } }.get()
        try await group.shutdownGracefully()
        return lines
    }

    /// Sends the next request of a stream when it is due.
    private func schedule(_ stream: Stream, at time: NIODeadline) {
        let due = time + .nanoseconds(stream.nextPause())
        guard due < end else { return }
        eventLoop.assumeIsolated().scheduleTask(deadline: due) { [self] in
            if counts.contains(due) { stream.begun += 1 }
            send(Attempt(stream: stream, due: due, isCounted: counts.contains(due), retriesLeft: stream.retries))
            schedule(stream, at: due)
        }
    }

    /// One request.
    struct Attempt {
        let stream: Stream
        let due: NIODeadline
        let isCounted: Bool
        var retriesLeft: Int
        var isOver = false
    }

    private func send(_ attempt: Attempt) {
        while let client = idle.popLast() {
            if client.send(attempt) { return }
        }
        let client = Client(self)
        let bound = NIOLoopBound(client, eventLoop: eventLoop)
        ClientBootstrap(group: eventLoop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(bound.value) }
            }
            .connect(host: "127.0.0.1", port: port).assumeIsolated().whenComplete { [self] result in
                if case .failure = result { finish(attempt, status: -1) } else { _ = client.send(attempt) }
            }
    }

    /// An attempt has an answer, or will have none.
    private func finish(_ attempt: Attempt, status: Int) {
        let stream = attempt.stream
        if status == 200 {
            guard attempt.isCounted else { return }
            stream.good += 1
            stream.latencies.append(Int((eventLoop.now - attempt.due).nanoseconds / 1_000))
        } else if status > 0, attempt.retriesLeft > 0 {
            if attempt.isCounted { stream.repeated += 1 }
            var next = attempt
            next.retriesLeft -= 1
            send(next)
        } else if attempt.isCounted {
            stream.refused[status, default: 0] += 1
        }
    }

    /// One connection, with one request at a time.
    final class Client: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let load: Load
        private var context: ChannelHandlerContext?
        private var input = ByteBuffer()
        private var attempt: Attempt?
        private var patience: Scheduled<Void>?

        init(_ load: Load) { self.load = load }

        func handlerAdded(context: ChannelHandlerContext) { self.context = context }
        func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

        /// Sends, unless the connection is closed.
        func send(_ attempt: Attempt) -> Bool {
            guard let context, context.channel.isActive else { return false }
            self.attempt = attempt
            let left = attempt.due + .milliseconds(attempt.stream.patienceMilliseconds)
            patience = load.eventLoop.assumeIsolated().scheduleTask(deadline: left) { [self] in end(status: 0) }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: attempt.stream.request)), promise: nil)
            return true
        }

        private func end(status: Int) {
            guard let attempt else { return }
            self.attempt = nil
            patience?.cancel()
            if status <= 0 { context?.close(promise: nil) }
            load.finish(attempt, status: status)
        }

        func channelInactive(context: ChannelHandlerContext) {
            self.context = nil
            end(status: -1)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var bytes = unwrapInboundIn(data)
            input.writeBuffer(&bytes)
            guard let status = takeAnswer() else { return }
            end(status: status)
            load.idle.append(self)
        }

        /// The status of the answer, if all of it is there.
        private func takeAnswer() -> Int? {
            guard let end = input.endOfHead,
                let head = input.getString(at: input.readerIndex, length: end - input.readerIndex)
            else { return nil }
            let lines = head.split(separator: "\r\n")
            let status = lines.first.flatMap { Int($0.dropFirst(9).prefix(3)) } ?? -1
            let length = lines.lazy.compactMap { line -> Int? in
                line.lowercased().hasPrefix("content-length:")
                    ? Int(line.dropFirst(15).drop { $0 == " " }) : nil
            }.first
            guard input.writerIndex - end >= length ?? 0 else { return nil }
            input.clear()
            return status
        }
    }
}
