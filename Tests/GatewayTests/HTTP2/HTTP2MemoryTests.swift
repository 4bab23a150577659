import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway

@Suite("Memory that connections share")
struct HTTP2MemoryTests {
    /// A megabyte for all connections together, half of it for one.
    private var tight: ListenerLimits {
        var limits = ListenerLimits()
        limits.heldBytesMax = 1_000_000
        limits.heldBytesPerConnectionMax = 500_000
        return limits
    }

    /// Asks for answers of 100,000 bytes and takes none.
    private func park(_ count: Int, on client: HTTP2Client, from first: Int = 0) throws {
        for index in first..<first + count where client.goAway == nil {
            try client.request(UInt32(index * 2 + 1), "GET", "/large")
        }
    }

    private func stalled(on shared: HTTP2Client? = nil) throws -> HTTP2Client {
        let client = try HTTP2Client(limits: tight, on: shared)
        try client.send(.settings([(4, 0)]))
        return client
    }

    /// A call whose message comes after its head, so that its stream has to be kept in between.
    private func callInTwo(_ client: HTTP2Client, _ stream: UInt32) throws -> HTTP2Client.Answer? {
        try client.send(.headers(stream, HTTP2Client.callHead(GRPCMethod.shouldRateLimit.text), ends: false))
        try client.send(.data(stream, [0] + RawFrame.number(2) + Array("hi".utf8), ends: true))
        return client.answers[stream]
    }

    @Test func `a connection has its share, and beyond it loses answers that it does not take`() throws {
        let client = try stalled()
        try park(10, on: client)
        #expect(client.heldBytes <= 500_000)
        let resets = client.answers.values.compactMap(\.reset)
        #expect(resets.count >= 6 && resets.allSatisfy { $0 == 11 })  // ENHANCE_YOUR_CALM
        #expect(client.connection.diary.violations.allSatisfy { $0 == .shareExceeded(max: 500_000) })
        // Its small calls still go on beside what it has parked.
        try client.send(.windowUpdate(0, 1_000_000), .settings([(4, 65_535)]))
        #expect(try callInTwo(client, 101)?.fields["grpc-status"] == "0")
    }

    @Test func `who goes on beyond its share is told why and cut`() throws {
        let client = try stalled()
        try park(200, on: client)
        #expect(client.goAway == 11)
        #expect(client.goAwayText.contains("hold more than its share of 500000 bytes"))
        #expect(client.heldBytes == 0)
    }

    @Test func `a body beyond the share of its connection is refused as the caller's doing`() throws {
        let client = try HTTP2Client(limits: tight)
        try client.send(.headers(1, HTTP2Client.head("POST", "/m"), ends: false))
        try client.send(.headers(3, HTTP2Client.callHead(GRPCMethod.shouldRateLimit.text), ends: false))
        for _ in 0..<30 {
            for stream in [1, 3] as [UInt32] where client.answers[stream] == nil {
                try client.send(.data(stream, [UInt8](repeating: 0, count: 16_000)))
            }
        }
        #expect(client.answers[1]?.status == "429")
        #expect(client.answers[1]?.text.contains("hold more than its share of 500000 bytes") == true)
        #expect(client.heldBytes <= 500_000)
        try client.request(5, "GET", "/next")
        #expect(client.answers[5]?.text == "/next|")
    }

    @Test func `a call that holds nothing is answered while others fill the memory`() throws {
        let caller = try HTTP2Client(limits: tight)
        let crowd = try (0..<6).map { _ in try stalled(on: caller) }
        for round in 0..<40 {
            for client in crowd { try park(1, on: client, from: round) }
            #expect(caller.heldBytes <= 1_000_000)
            #expect(try callInTwo(caller, UInt32(round * 2 + 1))?.fields["grpc-status"] == "0", "round \(round)")
        }
        for client in crowd { try client.collect() }
        #expect(crowd.contains { client in client.answers.values.contains { $0.reset == 11 } })
        #expect(caller.goAway == nil)
    }

    @Test func `full memory is taken from those who hold the most, whatever they speak`() throws {
        var limits = tight
        limits.heldBytesMax = 1_500_000
        limits.heldBytesPerConnectionMax = 1_500_000
        let large = try EmbeddedConnection(limits: limits)
        let small = try EmbeddedConnection(on: large)
        let head = "POST /mine HTTP/1.1\r\nHost: a\r\nContent-Length: "
        try large.send(head + "900000\r\n\r\n" + String(repeating: "x", count: 500_000))
        try small.send(head + "200000\r\n\r\n" + String(repeating: "y", count: 130_000))
        let parked = try HTTP2Client(limits: limits, on: large)
        try parked.send(.settings([(4, 0)]))
        try park(2, on: parked)
        #expect(try large.answers().statuses == [503])
        #expect(large.diary.violations == [.outOfMemory])
        #expect(parked.answers.values.allSatisfy { $0.reset == nil })
        try small.send(String(repeating: "y", count: 70_000))
        #expect(try small.answers().statuses == [200])
    }
}
