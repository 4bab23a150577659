import NIOCore
import NIOEmbedded
import Testing
import Vocabulary

@testable import Gateway

@Suite("Deadlines of handshakes")
struct TLSGateTests {
    private let gate: EmbeddedTLS

    init() throws { gate = try EmbeddedTLS() }

    @Test func `a client that says nothing is cut without a word`() throws {
        let channel = try gate.accept()
        gate.eventLoop.advanceTime(by: .seconds(10))
        #expect(channel.isActive)
        gate.eventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
        #expect(try channel.readOutbound(as: ByteBuffer.self) == nil)
        #expect(gate.count(.timedOut) == 1)
        #expect(gate.count(.abandoned) == 0)
    }

    @Test func `a handshake that drips is cut, however steadily`() throws {
        let channel = try gate.accept()
        // The head of a record of 512 bytes, and of the greeting that fills it.
        for byte: UInt8 in [22, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3] {
            try channel.writeInbound(ByteBuffer(bytes: [byte]))
            gate.eventLoop.advanceTime(by: .seconds(1))
        }
        #expect(channel.isActive)
        gate.eventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
        #expect(gate.count(.timedOut) == 1)
    }

    @Test func `when the listener drains, handshakes are cut and new ones not begun`() throws {
        let channel = try gate.accept()
        _ = gate.loop.drain(within: .seconds(10))
        #expect(!channel.isActive)
        #expect(gate.count(.abandoned) == 1)
        #expect(try !gate.accept().isActive)
    }
}
