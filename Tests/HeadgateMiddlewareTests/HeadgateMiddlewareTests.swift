import HTTPTypes
import HeadgateClient
import HeadgateMiddleware
import Hummingbird
import NIOCore
import Testing

/// Admission in front of routes.
@Suite struct `the middleware` {
    private static let reason = HTTPField.Name("Headgate-Reason")
    private static let decision = HTTPField.Name("Headgate-Decision")

    private static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    @Test func `says what was decided, and keeps the seats until the answer is written`() async throws {
        let source = ScriptedSource(.admit, "borrowed")
        let response = try await Exchange(source) { _, _ in Self.text("hello") }.respond()
        #expect(response.status == .ok && response.headers[.contentLength] == "5")
        #expect(response.headers[try #require(Self.reason)] == "borrowed")
        #expect(response.headers[try #require(Self.decision)] == "01J")
        #expect(source.endings.isEmpty)
        let writer = CollectingWriter()
        try await response.body.write(writer)
        #expect(writer.content.text == "hello" && writer.content.isFinished)
        #expect(source.endings.map(\.outcome) == [.completed] && source.endings.map(\.status) == [200])
    }

    @Test func `keeps the seats while parts of a long answer are written`() async throws {
        let source = ScriptedSource(.queue, "borrowed")
        let response = try await Exchange(source) { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    for part in ["a", "b"] { try await writer.write(ByteBuffer(string: part)) }
                    try await writer.finish(nil)
                })
        }.respond()
        var writer = CollectingWriter()
        writer.whenWritten = { #expect(source.endings.isEmpty) }
        try await response.body.write(writer)
        #expect(writer.content.text == "ab")
        #expect(source.endings.map(\.outcome) == [.completed])
    }

    @Test func `answers a refusal itself, with a problem document`() async throws {
        let source = ScriptedSource { _ in
            var decision = Decision(outcome: .shed, reason: "fail_closed", tier: "best-effort", origin: .localGuard)
            decision.retryAfter = .seconds(1)
            return decision
        }
        let exchange = Exchange(source) { _, _ in
            Issue.record("the handler was called")
            return Self.text("no")
        }
        let response = try await exchange.respond()
        #expect(response.status == .serviceUnavailable)
        #expect(response.headers[.retryAfter] == "1" && response.headers[.cacheControl] == "no-store")
        #expect(response.headers[.contentType] == "application/problem+json")
        let writer = CollectingWriter()
        try await response.body.write(writer)
        #expect(writer.content.text.contains(#""reason":"fail_closed""#))
        #expect(source.endings.isEmpty)
    }

    @Test func `gives the seats back as abandoned when nobody reads the answer`() async throws {
        let source = ScriptedSource(.admit, "borrowed")
        let exchange = Exchange(source) { _, _ in Self.text("hello") }
        let response = try await exchange.respond()
        var writer = CollectingWriter()
        writer.hasGone = true
        let gone = writer
        await #expect(throws: CollectingWriter.Gone.self) { try await response.body.write(gone) }
        #expect(source.endings.map(\.outcome) == [.abandoned])
        do { _ = try await exchange.respond() }  // an answer that is dropped unwritten
        #expect(source.endings.map(\.outcome) == [.abandoned, .abandoned])
    }

    @Test func `gives the seats back when the work fails, by what it fails with`() async throws {
        struct Broken: Error {}
        let source = ScriptedSource(.admit, "borrowed")
        await #expect(throws: Broken.self) { try await Exchange(source) { _, _ in throw Broken() }.respond() }
        await #expect(throws: CancellationError.self) {
            try await Exchange(source) { _, _ in throw CancellationError() }.respond()
        }
        #expect(source.endings.map(\.outcome) == [.failed, .abandoned])
        let answers: [(HTTPResponse.Status, WorkOutcome)] = [
            (.badGateway, .failed), (.notFound, .completed),
        ]
        for (status, outcome) in answers {
            let response = try await Exchange(source) { _, _ in throw HTTPError(status) }.respond()
            #expect(response.status == status)
            #expect(response.headers[try #require(Self.decision)] == "01J")
            try await response.body.write(CollectingWriter())
            #expect(source.endings.last?.outcome == outcome && source.endings.last?.status == status.code)
        }
    }

    @Test func `does not read the body of a request that is not admitted`() async throws {
        let (body, bodySource) = RequestBody.makeStream()
        // Nobody ever writes it: whoever reads it waits for ever.
        defer { bodySource.finish() }
        let source = ScriptedSource(.throttle, "tenant_ceiling")
        let response = try await Exchange(source) { _, _ in Self.text("no") }.respond(body: body)
        #expect(response.status == .tooManyRequests)
    }

    @Test func `states method, path, route, credential, class and key of the request`() async throws {
        let source = ScriptedSource(.admit, "borrowed")
        let exchange = Exchange(source) { _, _ in Self.text("") }
        var fields = HTTPFields()
        fields[.authorization] = "Bearer secret"
        fields[try #require(HTTPField.Name("Headgate-Class"))] = "repair"
        fields[try #require(HTTPField.Name("Idempotency-Key"))] = "\"k1\""
        _ = try await exchange.respond("/things/1?full=1", fields: fields)
        let call = try #require(source.calls.first)
        #expect(call.method == "GET" && call.path == "/things/1?full=1" && call.route == "/things/{thing}")
        #expect(call.credential == "secret" && call.trafficClass == "repair" && call.idempotencyKey == "k1")
        #expect(call.tenant == nil && call.attributes.isEmpty)
    }

    @Test(
        arguments: [
            ("k1", "k1"), ("\"k1\"", "k1"), ("\"\"", nil), ("a\\b", nil), (String(repeating: "k", count: 300), nil),
        ] as [(String, String?)])
    func `takes a key that cannot be read for none`(value: String, key: String?) async throws {
        let source = ScriptedSource(.admit, "borrowed")
        var fields = HTTPFields()
        fields[try #require(HTTPField.Name("Idempotency-Key"))] = value
        _ = try await Exchange(source) { _, _ in Self.text("") }.respond(fields: fields)
        #expect(source.calls.first?.idempotencyKey == key)
    }

    @Test(
        arguments: [
            (["Bearer one"], ["one"], "one"), (["Bearer one"], ["two"], nil), ([], ["two"], "two"),
            (["Basic x"], [], nil),
            (["Bearer one", "Bearer two"], [], nil), ([], ["one", "two"], nil), (["bearer  one"], [], "one"),
            (["Basic x"], ["two"], "two"),
        ] as [([String], [String], String?)])
    func `takes no credential that could be another's`(
        authorization: [String], key: [String], credential: String?
    ) async throws {
        let source = ScriptedSource(.admit, "borrowed")
        var fields = HTTPFields()
        for value in authorization { fields.append(HTTPField(name: .authorization, value: value)) }
        let keyName = try #require(HTTPField.Name("X-API-Key"))
        for value in key { fields.append(HTTPField(name: keyName, value: value)) }
        _ = try await Exchange(source) { _, _ in Self.text("") }.respond(fields: fields)
        #expect(source.calls.first?.credential == credential)
    }

    @Test func `leaves alone what the handler says about its own answer`() async throws {
        let source = ScriptedSource(.admit, "borrowed")
        let name = try #require(Self.reason)
        let response = try await Exchange(source) { _, _ in
            var response = Self.text("x")
            response.headers[name] = "mine"
            return response
        }.respond()
        #expect(response.headers[values: name] == ["mine"])
    }
}
