import NIOCore
import Testing

@testable import Gateway

@Suite("Watching the server's health")
struct HealthWatchTests {
    private let serving: [UInt8] = [0, 0, 0, 0, 2, 8, 1]
    private let notServing: [UInt8] = [0, 0, 0, 0, 2, 8, 2]

    @Test func `a watcher is told at once, and again when it changes`() throws {
        let client = try HTTP2Client()
        try client.call(1, .watchHealth, [])
        #expect(client.answers[1]?.body == serving)
        try client.advance(seconds: 5)
        #expect(client.answers[1]?.body == serving)
        client.connection.diary.health = .notServing
        try client.advance(seconds: 1)
        #expect(client.answers[1]?.body == serving + notServing)
        client.connection.diary.health = .serving
        try client.advance(seconds: 3)
        #expect(client.answers[1]?.body == serving + notServing + serving)
        #expect(client.answers[1]?.hasEnded == false)
    }

    @Test func `a watcher of a service that is not there is told so and no more`() throws {
        let client = try HTTP2Client()
        try client.call(1, .watchHealth, Array("?".utf8))
        #expect(client.answers[1]?.body == [0, 0, 0, 0, 2, 8, 3])
        client.connection.diary.health = .notServing
        try client.advance(seconds: 3)
        #expect(client.answers[1]?.body == [0, 0, 0, 0, 2, 8, 3])
    }

    @Test func `watchers keep a connection from being idle`() throws {
        let client = try HTTP2Client()
        try client.call(1, .watchHealth, [])
        try client.advance(seconds: 8_000)
        #expect(client.goAway == nil)
        try client.send(.reset(1))
        try client.advance(seconds: 3_605)
        #expect(client.goAway == 0)
    }

    @Test func `watchers are told of a shutdown and let go`() throws {
        let client = try HTTP2Client()
        for stream in [UInt32(1), 3, 5] { try client.call(stream, .watchHealth, []) }
        client.connection.diary.health = .notServing
        _ = client.connection.loop.drain(within: .seconds(10))
        client.connection.run()
        try client.collect()
        for stream in [UInt32(1), 3, 5] {
            #expect(client.answers[stream]?.body == serving + notServing)
            #expect(client.answers[stream]?.fields["grpc-status"] == "14")
            #expect(client.answers[stream]?.hasEnded == true)
        }
        #expect(client.goAway == 0)
        try client.advance(seconds: 4)
        #expect(client.connection.isClosed)
        #expect(client.heldBytes == 0)
    }

    @Test func `one connection has so many watchers and no more`() throws {
        let client = try HTTP2Client()
        for index in 0..<17 { try client.call(UInt32(index * 2 + 1), .watchHealth, []) }
        #expect(client.answers[31]?.body == serving)
        #expect(client.answers[33]?.fields["grpc-status"] == "8")
        try client.send(.reset(1))
        try client.call(35, .watchHealth, [])
        #expect(client.answers[35]?.body == serving)
    }
}
