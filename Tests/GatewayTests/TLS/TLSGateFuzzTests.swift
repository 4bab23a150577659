import NIOCore
import NIOEmbedded
import NIOSSL
import Testing
import Vocabulary

@testable import Gateway

@Suite("Greetings that were changed on the way")
struct TLSGateFuzzTests {
    private let gate: EmbeddedTLS

    init() throws { gate = try EmbeddedTLS() }

    /// What a real client says first.
    private func greeting() throws -> [UInt8] {
        let channel = EmbeddedChannel(loop: gate.eventLoop)
        let handler = try NIOSSLClientHandler(context: gate.fixture.clientContext(), serverHostname: "localhost")
        try channel.pipeline.syncOperations.addHandler(handler)
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/x")).wait()
        var bytes: [UInt8] = []
        while let part = try channel.readOutbound(as: ByteBuffer.self) { bytes += part.readableBytesView }
        return bytes
    }

    @Test func `the greeting as it is gets an answer`() throws {
        let channel = try gate.accept()
        try channel.writeInbound(ByteBuffer(bytes: try greeting()))
        #expect(try channel.readOutbound(as: ByteBuffer.self)?.readableBytesView.first == 22)
        #expect(channel.isActive)
    }

    @Test func `none of many changed greetings does more harm than to its own connection`() throws {
        let seed: UInt64 = 0x7415_5EED
        var generator = SeededGenerator(seed: seed)
        let greeting = try greeting()
        for round in 0..<1_000 {
            var bytes = greeting
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                // The first byte is left: anything else does not get as far as TLS.
                let index = Int.random(in: 1..<bytes.count, using: &generator)
                bytes[index] = UInt8.random(in: 0...255, using: &generator)
            }
            if Bool.random(using: &generator) { bytes.removeLast(Int.random(in: 1..<bytes.count, using: &generator)) }
            let channel = try gate.accept()
            // What fails closes the connection; nothing else may come out as an error.
            channel.pipeline.fireChannelRead(ByteBuffer(bytes: bytes))
            channel.pipeline.fireChannelReadComplete()
            #expect(throws: Never.self, "seed \(seed), round \(round)") { try channel.throwIfErrorCaught() }
        }
        gate.eventLoop.advanceTime(by: .seconds(11))
        let counts = gate.terminator.handshakes.counts
        #expect(counts.reduce(0) { $0 + $1.count } == 1_000)
        #expect(counts.first { $0.ending == .completed }?.count == 0)
        #expect(counts.first { $0.ending == .failed }.map { $0.count > 0 } == true)
        #expect(counts.first { $0.ending == .timedOut }.map { $0.count > 0 } == true)
    }
}
