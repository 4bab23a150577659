import NIOCore
import NIOEmbedded
import Testing
import Vocabulary

@testable import Gateway

@Suite("Deadlines of handshakes")
struct TLSGateTests {
    private let fixture: TLSFixture
    private let terminator: TLSTerminator
    private let eventLoop = EmbeddedEventLoop()
    private let loop: ListenerLoop<ScriptedResponder>

    init() throws {
        fixture = try TLSFixture()
        terminator = TLSTerminator(try fixture.credentials())
        loop = ListenerLoop(
            eventLoop: eventLoop, limits: ListenerLimits(),
            responder: ScriptedResponder(diary: ScriptedResponder.Diary(), eventLoop: eventLoop),
            wallClock: { WallTime(milliseconds: 0) })
    }

    private func connect() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(loop: eventLoop)
        try channel.pipeline.syncOperations.addHandler(TLSGate(loop: loop, terminator: terminator))
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/x")).wait()
        return channel
    }

    private func count(_ ending: TLSHandshakeEnding) -> UInt64 {
        terminator.handshakes.counts.first { $0.ending == ending }?.count ?? 0
    }

    @Test func `a client that says nothing is cut without a word`() throws {
        let channel = try connect()
        eventLoop.advanceTime(by: .seconds(10))
        #expect(channel.isActive)
        eventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
        #expect(try channel.readOutbound(as: ByteBuffer.self) == nil)
        #expect(count(.timedOut) == 1)
        #expect(count(.abandoned) == 0)
    }

    @Test func `a handshake that drips is cut, however steadily`() throws {
        let channel = try connect()
        // The head of a record of 512 bytes, and of the greeting that fills it.
        for byte: UInt8 in [22, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3] {
            try channel.writeInbound(ByteBuffer(bytes: [byte]))
            eventLoop.advanceTime(by: .seconds(1))
        }
        #expect(channel.isActive)
        eventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
        #expect(count(.timedOut) == 1)
    }

    @Test func `when the listener drains, handshakes are cut and new ones not begun`() throws {
        let channel = try connect()
        _ = loop.drain(within: .seconds(10))
        #expect(!channel.isActive)
        #expect(count(.abandoned) == 1)
        #expect(try !connect().isActive)
    }
}
