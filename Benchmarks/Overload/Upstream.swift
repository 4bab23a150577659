internal import Foundation
internal import NIOCore
internal import NIOPosix

/// A server that works on so many requests at once, and lets the others wait in one line: what a pool of threads before
/// a database does.
enum Upstream {
    /// Serves until it is killed.
    static func serve(port: Int, workers: Int, service: TimeAmount, chance: TimeAmount) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let line = NIOLoopBoundBox.makeBoxSendingValue(
            Line(workers: workers, service: service, chance: chance, eventLoop: group.next()),
            eventLoop: group.next())
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4_096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Worker(line.value))
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .bind(host: "127.0.0.1", port: port).get()
        try await channel.closeFuture.get()
    }

    /// The line before the workers.
    final class Line {
        private var free: Int
        private let service: TimeAmount
        private let chance: TimeAmount
        private let eventLoop: any EventLoop
        private var waiting: [Worker] = []
        private var first = 0

        init(workers: Int, service: TimeAmount, chance: TimeAmount, eventLoop: any EventLoop) {
            free = workers
            self.service = service
            self.chance = chance
            self.eventLoop = eventLoop
        }

        func arrive(_ worker: Worker) {
            waiting.append(worker)
            start()
        }

        /// How long the next request takes.
        private var time: TimeAmount {
            let part = -log(Double.random(in: Double.leastNormalMagnitude..<1))
            return service + .nanoseconds(Int64(Double(chance.nanoseconds) * part))
        }

        private func start() {
            while free > 0, first < waiting.count {
                let worker = waiting[first]
                first += 1
                free -= 1
                eventLoop.assumeIsolated().scheduleTask(in: time) { [self] in
                    worker.answer()
                    free += 1
                    start()
                }
            }
            guard first > 1_024 else { return }
            waiting.removeFirst(first)
            first = 0
        }
    }

    /// One connection; requests have no bodies.
    final class Worker: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let line: Line
        private var context: ChannelHandlerContext?
        private var input = ByteBuffer()

        init(_ line: Line) { self.line = line }

        func channelActive(context: ChannelHandlerContext) { self.context = context }
        func channelInactive(context: ChannelHandlerContext) { self.context = nil }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var bytes = unwrapInboundIn(data)
            input.writeBuffer(&bytes)
            while let end = input.endOfHead {
                input.moveReaderIndex(to: end)
                line.arrive(self)
            }
            input.discardReadBytes()
        }

        func answer() {
            guard let context else { return }
            let answer = ByteBuffer(staticString: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\ndone\n")
            context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        }
    }
}

extension ByteBuffer {
    /// Where the head that begins at the reader index ends; `nil`: it is not all there.
    var endOfHead: Int? {
        let view = readableBytesView
        guard view.count >= 4 else { return nil }
        for index in view.indices.dropLast(3)
        where view[index] == 13 && view[index + 1] == 10 && view[index + 2] == 13 && view[index + 3] == 10 {
            return index + 4
        }
        return nil
    }
}
