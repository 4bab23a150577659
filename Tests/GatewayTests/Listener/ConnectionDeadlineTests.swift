import NIOCore
import NIOEmbedded
import Testing
import Vocabulary

@testable import Gateway

@Suite("Deadlines of connections")
struct ConnectionDeadlineTests {
    private let request = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
    private let head = "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n"

    @Test func `a client that says nothing is closed without a word`() throws {
        let connection = try EmbeddedConnection()
        connection.advance(seconds: 10)
        #expect(!connection.outputHasEnded)
        connection.advance(seconds: 1)
        #expect(connection.outputHasEnded)
        #expect(try connection.received().isEmpty)
        #expect(connection.diary.violations.isEmpty)
    }

    @Test func `a head that drips is cut, however steadily`() throws {
        let connection = try EmbeddedConnection()
        try connection.send("GET / HTTP/1.1\r\nX: ")
        for _ in 0..<10 {
            connection.advance(seconds: 1)
            try connection.send("x")
        }
        #expect(try connection.received().isEmpty)
        connection.advance(seconds: 1)
        let answers = try connection.answers()
        #expect(answers.statuses == [408])
        #expect(answers.closes == [true])
        #expect(connection.diary.violations == [.headTimedOut])
    }

    @Test func `every request has its own time`() throws {
        let connection = try EmbeddedConnection()
        for _ in 0..<10 {
            try connection.send(String(request.dropLast()))
            connection.advance(seconds: 8)
            // The end of one head and the beginning of the next come together.
            try connection.send("\r\nGET /a HTTP/1.1\r\n")
            connection.advance(seconds: 8)
            try connection.send("Host: a\r\n\r\n")
        }
        #expect(try connection.answers().statuses == [Int](repeating: 200, count: 20))
        #expect(!connection.outputHasEnded)
    }

    @Test func `a body that comes at the least rate is waited for`() throws {
        let connection = try EmbeddedConnection()
        try connection.send(head)
        for _ in 0..<199 {
            connection.advance(seconds: 1)
            try connection.send(String(repeating: "x", count: 500))
        }
        #expect(!connection.outputHasEnded)
        try connection.send(String(repeating: "x", count: 500))
        #expect(try connection.answers().statuses == [200])
    }

    @Test func `a body that comes more slowly is cut`() throws {
        let connection = try EmbeddedConnection()
        try connection.send(head)
        var seconds = 0
        while !connection.outputHasEnded, seconds < 100 {
            connection.advance(seconds: 1)
            try connection.send(String(repeating: "x", count: 250))
            seconds += 1
        }
        // Each second earns half a second: 20 seconds of patience last for 40.
        #expect((40...42).contains(seconds))
        #expect(try connection.answers().statuses == [408])
        #expect(connection.diary.violations == [.bodyTimedOut])
    }

    @Test func `an idle connection is kept for a while, then closed without a word`() throws {
        let connection = try EmbeddedConnection()
        try connection.send(request)
        #expect(try connection.answers().statuses == [200])
        connection.advance(seconds: 75)
        #expect(!connection.outputHasEnded)
        try connection.send(request)
        connection.advance(seconds: 75)
        #expect(!connection.outputHasEnded)
        connection.advance(seconds: 1)
        #expect(connection.outputHasEnded)
        #expect(try connection.answers().statuses == [200])
    }

    @Test func `a client that does not read its answers is cut`() throws {
        let connection = try EmbeddedConnection()
        connection.setWritable(false)
        try connection.send(request)
        connection.advance(seconds: 60)
        #expect(!connection.isClosed)
        connection.advance(seconds: 1)
        #expect(connection.isClosed)
    }

    @Test func `a client that reads again in time is forgiven`() throws {
        let connection = try EmbeddedConnection()
        connection.setWritable(false)
        try connection.send(request)
        connection.advance(seconds: 59)
        connection.setWritable(true)
        connection.advance(seconds: 59)
        #expect(!connection.outputHasEnded)
        #expect(try connection.answers().statuses == [200])
    }

    @Test func `a client that does not close after the last answer is cut`() throws {
        let connection = try EmbeddedConnection()
        try connection.send("BAD\r\n\r\n")
        connection.advance(seconds: 2)
        #expect(!connection.isClosed)
        connection.advance(seconds: 1)
        #expect(connection.isClosed)
    }

    @Test func `an answer that is put off may take its time`() throws {
        let connection = try EmbeddedConnection()
        try connection.send("GET /deferred HTTP/1.1\r\nHost: a\r\n\r\n")
        connection.advance(seconds: 10_000)
        #expect(!connection.outputHasEnded)
    }
}
