import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway

@Suite("Where HTTP/2 begins")
struct HTTP2PrefaceTests {
    private let start =
        HTTP2Client.preface + RawFrame.settings().bytes + RawFrame.headers(1, HTTP2Client.head("GET", "/one")).bytes

    @Test func `the preface may come in two pieces, cut anywhere`() throws {
        for cut in 0...start.count {
            let client = try HTTP2Client(greets: false)
            try client.send(bytes: Array(start[..<cut]))
            try client.send(bytes: Array(start[cut...]))
            #expect(client.answers[1]?.text == "/one|", "cut at \(cut)")
            #expect(client.answers[1]?.hasEnded == true, "cut at \(cut)")
        }
    }

    @Test func `the preface may come byte by byte`() throws {
        let client = try HTTP2Client(greets: false)
        for byte in start { try client.send(bytes: [byte]) }
        #expect(client.answers[1]?.text == "/one|")
        #expect(client.connection.diary.targets == ["/one"])
    }

    @Test func `a method that begins like the preface is HTTP/1.1`() throws {
        for count in 1..<4 {
            let connection = try EmbeddedConnection()
            try connection.send(String(decoding: HTTP2Client.preface.prefix(count), as: UTF8.self))
            #expect(try connection.received().isEmpty)
            try connection.send("X /two HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try connection.answers().statuses == [200], "\(count) bytes alike")
        }
    }

    @Test func `the preface with another last byte gets an answer in HTTP/1.1`() throws {
        for index in HTTP2Client.preface.indices {
            var bytes = HTTP2Client.preface
            bytes[index] ^= 0x20
            let connection = try EmbeddedConnection()
            try connection.channel.writeInbound(ByteBuffer(bytes: bytes))
            connection.endInput()
            let answers = try connection.received().joined()
            #expect(answers.hasPrefix("HTTP/1.1 "), "\(index): \(answers.prefix(40))")
            #expect(connection.outputHasEnded)
        }
    }

    @Test func `half a preface is waited for as long as half a head`() throws {
        let client = try HTTP2Client(greets: false)
        try client.send(bytes: Array(HTTP2Client.preface.prefix(10)))
        client.connection.advance(seconds: 10)
        #expect(!client.connection.outputHasEnded)
        client.connection.advance(seconds: 1)
        #expect(client.connection.outputHasEnded)
        #expect(client.connection.diary.violations == [.headTimedOut])
    }

    @Test func `half a preface and the end is half a head and the end`() throws {
        let connection = try EmbeddedConnection()
        try connection.send("PRI * HTTP/2.0\r\n")
        connection.endInput()
        #expect(connection.diary.violations.count == 1)
        #expect(try connection.received().joined().hasPrefix("HTTP/1.1 "))
    }

    @Test func `the preface behind a request is no preface`() throws {
        let connection = try EmbeddedConnection()
        try connection.send(
            "GET /one HTTP/1.1\r\nHost: a\r\n\r\n" + String(decoding: HTTP2Client.preface, as: UTF8.self))
        let text = try connection.received().joined()
        #expect(Answers(text).statuses.first == 200)
        #expect(connection.diary.violations.count == 1)
        #expect(connection.outputHasEnded)
    }

    @Test func `nothing is held after the change of protocols`() throws {
        let client = try HTTP2Client(greets: false)
        try client.send(bytes: Array(start.prefix(9)))
        #expect(client.heldBytes > 0)
        try client.send(bytes: Array(start.dropFirst(9)))
        #expect(client.heldBytes == 0)
    }

    @Test func `the handler of HTTP/1.1 does not outlive the change`() throws {
        let client = try HTTP2Client(greets: false)
        weak let handler = try client.connection.channel.pipeline.syncOperations.handler(
            type: ConnectionHandler<ScriptedResponder>.self)
        #expect(handler != nil)
        try client.send(bytes: start)
        #expect(client.answers[1]?.text == "/one|")
        #expect(handler == nil)
    }
}
