internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// Calls over sockets, on one event loop: calls are small, so one loop carries some ten thousand a second.
final class SocketWire: Wire {
    private let eventLoop: any EventLoop
    private let pool: NIOLoopBoundBox<ConnectionPool>
    private let ticketCount = Atomic<UInt64>(0)

    /// Connects to nobody yet.
    init(_ address: ServerAddress, _ settings: WireSettings, tls: NIOSSLContext?, on eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        pool = NIOLoopBoundBox.makeBoxSendingValue(
            ConnectionPool(address, settings, tls: tls, on: eventLoop), eventLoop: eventLoop)
    }

    func send(
        _ call: WireCall, then receive: @escaping @Sendable (Result<WireAnswer, WireFailure>) -> Void
    ) -> WireTicket {
        let ticket = WireTicket(number: ticketCount.add(1, ordering: .relaxed).newValue)
        eventLoop.execute { [pool] in pool.value.send(call, ticket, then: receive) }
        return ticket
    }

    func cancel(_ ticket: WireTicket) { eventLoop.execute { [pool] in pool.value.cancel(ticket) } }

    func schedule(in time: TimeAmount, _ body: @escaping @Sendable () -> Void) {
        eventLoop.scheduleTask(in: time, body)
    }

    func close() { eventLoop.execute { [pool] in pool.value.close() } }
}
