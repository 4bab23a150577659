import HeadgateClient
import NIOCore
import Synchronization

/// A wire whose other end is a closure, and whose time passes when the test says so.
final class ScriptedWire: Wire {
    private let answer: @Sendable (WireCall) -> Result<WireAnswer, WireFailure>?
    private let state = Mutex(State())

    private struct State {
        var calls: [WireCall] = []
        var held: [WireTicket: @Sendable (Result<WireAnswer, WireFailure>) -> Void] = [:]
        var scheduled: [(time: TimeAmount, body: @Sendable () -> Void)] = []
        var isClosed = false
    }

    /// A wire that answers by a closure; what it has no answer to stays under way.
    init(_ answer: @escaping @Sendable (WireCall) -> Result<WireAnswer, WireFailure>?) { self.answer = answer }

    /// All calls so far.
    var calls: [WireCall] { state.withLock { $0.calls } }
    /// How many are under way.
    var heldCount: Int { state.withLock { $0.held.count } }
    /// When what was scheduled is due, in its order.
    var scheduledTimes: [TimeAmount] { state.withLock { $0.scheduled.map(\.time) } }
    /// Whether it was closed.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    func send(
        _ call: WireCall, then receive: @escaping @Sendable (Result<WireAnswer, WireFailure>) -> Void
    ) -> WireTicket {
        let answer = answer(call)
        let ticket = state.withLock { state in
            state.calls.append(call)
            let ticket = WireTicket(number: UInt64(state.calls.count))
            if answer == nil { state.held[ticket] = receive }
            return ticket
        }
        if let answer { receive(answer) }
        return ticket
    }

    func cancel(_ ticket: WireTicket) {
        let receive = state.withLock { $0.held.removeValue(forKey: ticket) }
        receive?(.failure(.cancelled))
    }

    func schedule(in time: TimeAmount, _ body: @escaping @Sendable () -> Void) {
        state.withLock { $0.scheduled.append((time, body)) }
    }

    func close() { state.withLock { $0.isClosed = true } }

    /// Does what was scheduled so far.
    func runScheduled() {
        let due = state.withLock { state in
            defer { state.scheduled = [] }
            return state.scheduled
        }
        for (_, body) in due { body() }
    }
}

extension WireAnswer {
    /// A decision as the server would give it.
    static func decision(
        _ outcome: String = "admit", reason: String = "borrowed", tier: String = "business", lease: String? = nil
    ) -> WireAnswer {
        let admission = lease.map { #"{"id":"\#($0)","leaseMs":30000,"waitedMs":0,"seats":1}"# } ?? "null"
        return WireAnswer(
            status: 200,
            body: ByteBuffer(
                string: #"{"decision":"\#(outcome)","decisionId":"01J","reason":"\#(reason)","operation":"act","#
                    + #""class":"work","tier":"\#(tier)","admission":\#(admission)}"#))
    }
}
