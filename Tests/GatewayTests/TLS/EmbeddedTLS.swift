import NIOCore
import NIOEmbedded
import Vocabulary

@testable import Gateway

/// Connections that begin with a TLS handshake, without a socket, on a clock that the test moves.
struct EmbeddedTLS {
    let fixture: TLSFixture
    let terminator: TLSTerminator
    let eventLoop = EmbeddedEventLoop()
    let loop: ListenerLoop<ScriptedResponder>

    init() throws {
        fixture = try TLSFixture()
        terminator = TLSTerminator(try fixture.credentials())
        loop = ListenerLoop(
            eventLoop: eventLoop, limits: ListenerLimits(),
            responder: ScriptedResponder(diary: ScriptedResponder.Diary(), eventLoop: eventLoop),
            wallClock: { WallTime(milliseconds: 0) })
    }

    /// A client connects.
    func accept() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(loop: eventLoop)
        try channel.pipeline.syncOperations.addHandler(TLSGate(loop: loop, terminator: terminator))
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/x")).wait()
        return channel
    }

    /// How many handshakes have ended so.
    func count(_ ending: TLSHandshakeEnding) -> UInt64 {
        terminator.handshakes.counts.first { $0.ending == ending }?.count ?? 0
    }
}
