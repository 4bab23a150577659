import NIOCore
import NIOEmbedded
import Testing
import Vocabulary

@testable import Gateway

@Suite("Connections at the end of a listener")
struct DrainTests {
    private let request = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test func `a request that was sent before the end was known is answered, and is the last`() throws {
        let connection = try EmbeddedConnection()
        try connection.send(request)
        #expect(try connection.answers().closes == [false])
        _ = connection.loop.drain(within: .seconds(30))
        #expect(!connection.outputHasEnded)
        try connection.send(request)
        let answers = try connection.answers()
        #expect(answers.bodies == ["/a|"])
        #expect(answers.closes == [true])
        #expect(connection.outputHasEnded)
    }

    @Test func `a first request on a new connection is answered too`() throws {
        let connection = try EmbeddedConnection()
        _ = connection.loop.drain(within: .seconds(30))
        try connection.send(request)
        #expect(try connection.answers().closes == [true])
    }

    @Test func `a request that arrives in parts is waited for`() throws {
        let connection = try EmbeddedConnection()
        _ = connection.loop.drain(within: .seconds(30))
        connection.advance(.milliseconds(200))
        try connection.send(String(request.prefix(20)))
        connection.advance(seconds: 5)
        #expect(!connection.outputHasEnded)
        try connection.send(String(request.dropFirst(20)))
        #expect(try connection.answers().closes == [true])
    }

    @Test(arguments: [true, false])
    func `a connection that says nothing is read for a farewell, and then closed at both ends`(hasAsked: Bool) throws {
        let connection = try EmbeddedConnection()
        if hasAsked { try connection.send(request) }
        _ = try connection.received()
        connection.advance(.milliseconds(900))
        let end = connection.loop.drain(within: .seconds(30))
        var hasDrained = false
        end.assumeIsolated().whenSuccess { hasDrained = true }
        connection.advance(.milliseconds(249))
        #expect(!connection.outputHasEnded)
        connection.advance(.milliseconds(1))
        #expect(connection.isClosed)
        #expect(hasDrained)
        #expect(try connection.received().isEmpty)
    }

    @Test func `an answer that had to wait for room is no reason to drop the next request`() throws {
        let connection = try EmbeddedConnection()
        connection.setWritable(false)
        try connection.send(request)
        _ = connection.loop.drain(within: .seconds(30))
        connection.setWritable(true)
        #expect(try connection.answers().closes == [true])
        #expect(connection.outputHasEnded)
    }
}
