import NIOCore
import NIOEmbedded
import Testing
import Vocabulary

@testable import Gateway

@Suite("Deadlines of HTTP/2 connections")
struct HTTP2DeadlineTests {
    private let callHead = HTTP2Client.callHead(GRPCMethod.shouldRateLimit.text)

    @Test func `a connection that asks nothing is ended like any idle one`() throws {
        let client = try HTTP2Client()
        try client.advance(seconds: 75)
        #expect(client.goAway == nil)
        try client.advance(seconds: 2)
        #expect(client.goAway == 0)
        try client.advance(seconds: 4)
        #expect(client.connection.isClosed)
        #expect(client.connection.diary.violations.isEmpty)
    }

    @Test func `after a request a connection is kept for an hour`() throws {
        let client = try HTTP2Client()
        try client.request(1)
        try client.advance(seconds: 3_600)
        #expect(client.goAway == nil)
        try client.request(3)
        try client.advance(seconds: 3_600)
        #expect(client.goAway == nil)
        #expect(client.answers[3]?.status == "200")
        try client.advance(seconds: 2)
        #expect(client.goAway == 0)
    }

    @Test func `a body that never ends is cut, and the connection goes on`() throws {
        let client = try HTTP2Client()
        try client.send(.headers(1, HTTP2Client.head("POST", "/d"), ends: false), .headers(3, callHead, ends: false))
        try client.advance(seconds: 20)
        #expect(client.answers.isEmpty)
        try client.advance(seconds: 2)
        #expect(client.answers[1]?.status == "408")
        #expect(client.answers[3]?.fields["grpc-status"] == "8")
        #expect(client.heldBytes < 1_000)
        try client.request(5)
        #expect(client.answers[5]?.status == "200")
        #expect(client.connection.diary.violations == [.bodyTimedOut, .bodyTimedOut])
    }

    @Test func `a body that drips is cut as well, however steadily`() throws {
        let client = try HTTP2Client()
        try client.send(.headers(1, HTTP2Client.head("POST", "/d"), ends: false))
        for _ in 0..<25 where client.answers[1] == nil {
            try client.send(.data(1, "x"))
            try client.advance(seconds: 1)
        }
        #expect(client.answers[1]?.status == "408")
    }

    @Test func `a body that comes at the least rate is waited for, also on a new connection`() throws {
        let client = try HTTP2Client()
        try client.send(.headers(1, HTTP2Client.head("POST", "/d"), ends: false))
        for _ in 0..<120 {
            try client.advance(seconds: 1)
            try client.send(.data(1, String(repeating: "x", count: 500)))
        }
        #expect(client.answers[1] == nil)
        #expect(client.goAway == nil)
        try client.send(.data(1, "!", ends: true))
        #expect(client.answers[1]?.body.count == 60_004)
    }

    @Test func `bodies that are too large cost no credit and no memory`() throws {
        var limits = ListenerLimits()
        limits.message.bodyBytesMax = 30_000
        let client = try HTTP2Client(limits: limits)
        var sent = 0
        for index in 0..<20 {
            let id = UInt32(index * 2 + 1)
            try client.send(.headers(id, HTTP2Client.head("POST", "/d"), ends: false))
            for _ in 0..<3 { try client.send(.data(id, [UInt8](repeating: 120, count: 10_000))) }
            try client.send(.data(id, "!", ends: true))
            sent += 30_001
            #expect(client.answers[id]?.status == "413")
            #expect(sent - client.credit < 65_535)
            #expect(client.heldBytes == 0)
        }
        #expect(client.goAway == nil)
    }

    @Test func `a client that gives no credit for its answer does not keep it for ever`() throws {
        let client = try HTTP2Client()
        try client.send(.settings([(4, 0)]))
        for index in 0..<20 { try client.request(UInt32(index * 2 + 1), "GET", "/large") }
        #expect(client.answers[1]?.status == "200")
        #expect(client.answers[1]?.body.isEmpty == true)
        #expect(client.heldBytes >= 20 * 100_000)
        try client.advance(seconds: 60)
        #expect(client.answers[1]?.reset == nil)
        try client.advance(seconds: 2)
        #expect(client.answers.values.allSatisfy { $0.reset == 8 })
        #expect(client.heldBytes == 0)
        try client.send(.windowUpdate(0, 1_000_000), .settings([(4, 1_000_000)]))
        try client.request(101, "GET", "/large")
        #expect(client.answers[101]?.body.count == 100_000)
    }

    @Test func `credit that comes late lets the answer go on`() throws {
        let client = try HTTP2Client()
        try client.send(.settings([(4, 10)]))
        try client.request(1, "GET", "/large")
        #expect(client.answers[1]?.body.count == 10)
        try client.send(.windowUpdate(1, 200_000))
        #expect(client.answers[1]?.body.count == 65_535)
        try client.send(.windowUpdate(0, 200_000))
        #expect(client.answers[1]?.body.count == 100_000)
        #expect(client.answers[1]?.hasEnded == true)
        #expect(client.heldBytes == 0)
    }

    @Test func `while the socket takes nothing nothing more is read, and not for ever`() throws {
        let client = try HTTP2Client()
        try client.request(1)
        client.connection.setWritable(false)
        let before = client.connection.readCount
        client.connection.channel.read()
        #expect(client.connection.readCount == before)
        try client.advance(seconds: 50)
        client.connection.setWritable(true)
        #expect(client.connection.readCount == before + 1)
        try client.advance(seconds: 100)
        #expect(!client.connection.isClosed)
        client.connection.setWritable(false)
        client.connection.channel.read()
        try client.advance(seconds: 62)
        #expect(client.connection.isClosed)
    }

    @Test func `credit for the connection goes to whoever has waited longest`() throws {
        let client = try HTTP2Client()
        try client.send(.settings([(4, 1_000_000)]))
        for stream in [UInt32(1), 3, 5] { try client.request(stream, "GET", "/large") }
        #expect(client.answers[1]?.body.count == 65_535)
        #expect(client.answers[3]?.body.isEmpty == true)
        try client.send([RawFrame](repeating: .windowUpdate(0, 1), count: 100))
        #expect(client.answers[1]?.body.count == 65_635)
        try client.send(.windowUpdate(0, 34_465))
        #expect(client.answers[1]?.hasEnded == true)
        #expect(client.answers[3]?.body.count == 100)
        try client.send(.windowUpdate(0, 200_000))
        #expect(client.answers[3]?.hasEnded == true)
        #expect(client.answers[5]?.hasEnded == true)
        #expect(client.heldBytes == 0)
    }

    @Test func `a head that is never finished ends the connection, whatever else has been asked on it`() throws {
        let client = try HTTP2Client()
        try client.request(1)
        try client.send(.headers(3, HTTP2Client.head(), isWhole: false))
        try client.advance(seconds: 9)
        try client.send(.continuation(3, [], isWhole: false))
        #expect(client.goAway == nil)
        try client.advance(seconds: 3)
        #expect(client.goAway == 0xB)
        #expect(client.connection.outputHasEnded)
        #expect(client.heldBytes == 0)
    }

    @Test func `a frame that is never finished ends the connection, and many that are finished do not`() throws {
        let client = try HTTP2Client()
        let ping = RawFrame.ping().bytes
        for _ in 0..<15 {
            // Always ends in the middle of a frame.
            try client.send(bytes: Array(ping.prefix(10)))
            try client.advance(seconds: 2)
            #expect(client.goAway == nil)
            try client.send(bytes: Array(ping.dropFirst(10) + ping.prefix(5)))
            try client.advance(seconds: 2)
            try client.send(bytes: Array(ping.dropFirst(5)))
        }
        #expect(client.goAway == nil)
        try client.send(bytes: Array(ping.prefix(10)))
        try client.advance(seconds: 12)
        #expect(client.goAway == 0xB)
        #expect(client.connection.outputHasEnded)
    }

    @Test func `a client that reads slowly is not cut, one that stops is`() throws {
        let client = try HTTP2Client()
        try client.send(.settings([(4, 0)]))
        try client.request(1, "GET", "/large")
        for _ in 0..<90 {
            try client.send(.windowUpdate(1, 1_000))
            try client.advance(seconds: 1)
        }
        #expect(client.answers[1]?.body.count == 65_535)
        try client.send(.windowUpdate(0, 25_000))
        #expect(client.answers[1]?.body.count == 90_000)
        #expect(client.answers[1]?.reset == nil)
        try client.advance(seconds: 240)
        #expect(client.answers[1]?.reset == 8)
    }
}
