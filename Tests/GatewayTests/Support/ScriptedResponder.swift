import NIOCore
import Synchronization

@testable import Gateway

/// A responder that does what the path of the request says, and keeps a diary.
struct ScriptedResponder: HTTPResponder {
    let diary: Diary

    /// What happened on all loops together.
    final class Diary: Sendable {
        private let state = Mutex(State())

        private struct State {
            var targets: [String] = []
            var violations: [HTTPViolation] = []
            var deferrals: [HTTPDeferral] = []
            var health = GRPCHealth.serving
        }

        /// What the server says of its health.
        var health: GRPCHealth {
            get { state.withLock(\.health) }
            set { state.withLock { $0.health = newValue } }
        }

        /// The targets of all requests, in order.
        var targets: [String] { state.withLock(\.targets) }
        /// What connections ended with.
        var violations: [HTTPViolation] { state.withLock(\.violations) }
        /// The answers that were put off and not yet taken out.
        func takeDeferral() -> HTTPDeferral? {
            state.withLock { $0.deferrals.isEmpty ? nil : $0.deferrals.removeFirst() }
        }

        func note(target: String) { state.withLock { $0.targets.append(target) } }
        func note(violation: HTTPViolation) { state.withLock { $0.violations.append(violation) } }
        func note(deferral: HTTPDeferral) { state.withLock { $0.deferrals.append(deferral) } }
    }

    let eventLoop: any EventLoop

    mutating func respond(
        to request: borrowing HTTPRequestView, from peer: HTTPPeer, into writer: inout HTTPResponseWriter
    ) -> HTTPAnswer {
        let target = request.string(request.head.target)
        diary.note(target: target)
        switch target {
        case "/deferred":
            let deferral = HTTPDeferral(on: eventLoop)
            diary.note(deferral: deferral)
            return .deferred(deferral)
        case "/silent": break
        case "/trust":
            writer.start(.ok)
            writer.finish(
                contentType: "text/plain", body: ByteBuffer(string: peer.trust.map { "\($0)" } ?? "stranger"))
        case "/unfinished":
            writer.start(.ok)
            writer.field("X-Lost", 1)
        case "/large":
            writer.start(.ok)
            writer.finish(contentType: "text/plain", body: ByteBuffer(repeating: 0x78, count: 100_000))
        case "/close":
            writer.closesConnection = true
            writer.start(.ok)
            writer.finish(contentType: "text/plain", body: "closed")
        default:
            writer.start(.ok)
            writer.finish(
                contentType: "text/plain", body: ByteBuffer(string: "\(target)|\(String(buffer: request.body))"))
        }
        return .written
    }

    /// Says a message back, fails if it begins with `fail `, or lets the client watch.
    mutating func respond(to call: borrowing GRPCCall, from peer: HTTPPeer, into message: inout ByteWriter)
        -> GRPCAnswer
    {
        let text = String(buffer: call.message)
        diary.note(target: "\(call.method) \(text)")
        if call.method == .watchHealth { return .watching(text == "?" ? .serviceUnknown : health) }
        if text.hasPrefix("fail ") { return .failed(.internalError, String(text.dropFirst(5))) }
        message.write(text)
        return .written
    }

    var health: GRPCHealth { diary.health }

    mutating func connectionFailed(_ violation: HTTPViolation, from peer: HTTPPeer) { diary.note(violation: violation) }
}

/// Takes answers apart, as far as the tests need it.
struct Answers: Equatable {
    var statuses: [Int] = []
    var bodies: [String] = []
    var closes: [Bool] = []
    /// What is left behind the last whole answer.
    var rest = ""

    init(_ text: String) {
        var rest = Substring(text)
        while let end = rest.firstRange(of: "\r\n\r\n") {
            let head = rest[..<end.lowerBound]
            guard let status = Int(head.dropFirst(9).prefix(3)) else { break }
            var length = 0
            for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length: ") {
                length = Int(line.dropFirst(16)) ?? 0
            }
            let body = rest[end.upperBound...].utf8.prefix(length)
            guard body.count == length else { break }
            statuses.append(status)
            bodies.append(String(Substring(body)))
            closes.append(head.contains("\r\nConnection: close"))
            rest = Substring(rest[end.upperBound...].utf8.dropFirst(length))
        }
        self.rest = String(rest)
    }
}
