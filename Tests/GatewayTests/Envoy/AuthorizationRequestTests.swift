import Testing

@testable import Gateway

@Suite("Reading CheckRequest")
struct AuthorizationRequestTests {
    private func pair(_ name: String, _ value: String, valueField: UInt64 = 2) -> [UInt8] {
        WireOracle.message([.bytes(1, Array(name.utf8)), .bytes(valueField, Array(value.utf8))])
    }

    private func header(_ name: String, _ value: String) -> WireOracle.Field { .bytes(3, pair(name, value)) }

    private func rawHeaders(_ pairs: [[UInt8]]) -> WireOracle.Field {
        .bytes(13, WireOracle.message(pairs.map { .bytes(1, $0) }))
    }

    private func message(_ http: [WireOracle.Field], attributes: [WireOracle.Field] = []) -> [UInt8] {
        let request = WireOracle.message([.bytes(2, WireOracle.message(http))])
        return WireOracle.message([.bytes(1, WireOracle.message([.bytes(4, request)] + attributes))])
    }

    private func read(_ bytes: [UInt8]) throws -> (request: AuthorizationRequest, text: (Range<Int>?) -> String?) {
        var request = AuthorizationRequest()
        try request.decode(bytes.span)
        try request.decode(bytes.span)
        return (request, { range in range.map { String(decoding: bytes[$0], as: UTF8.self) } })
    }

    @Test func `method, path and the headers that count are read, in any order`() throws {
        let fields: [WireOracle.Field] = [
            .bytes(2, Array("POST".utf8)), header("authorization", "Bearer k"), .bytes(4, Array("/a?b".utf8)),
            header("x-api-key", "k2"), header("headgate-class", "repair"), header("headgate-attributes", "a=b"),
            header("x-other", "1"), .bytes(5, Array("host".utf8)), .varint(9, 100), .bytes(11, Array("body".utf8)),
        ]
        for rotation in fields.indices {
            let (request, text) = try read(message(Array(fields[rotation...] + fields[..<rotation])))
            #expect(text(request.method) == "POST")
            #expect(text(request.path) == "/a?b")
            #expect(text(request.headers.authorization) == "Bearer k")
            #expect(text(request.headers.apiKey) == "k2")
            #expect(text(request.headers.trafficClass) == "repair")
            #expect(text(request.headers.attributes) == "a=b")
            #expect(!request.headers.isAmbiguous)
        }
    }

    @Test func `raw headers count like headers, with either kind of value`() throws {
        let (request, text) = try read(
            message([rawHeaders([pair("x-api-key", "k", valueField: 3), pair("authorization", "Bearer b")])]))
        #expect(text(request.headers.apiKey) == "k")
        #expect(text(request.headers.authorization) == "Bearer b")
        #expect(!request.headers.isAmbiguous)
    }

    @Test(arguments: ["authorization", "x-api-key", "headgate-class", "headgate-attributes"])
    func `a header that decides and stands twice is ambiguous, wherever it stands`(name: String) throws {
        let same = pair(name, "a")
        let messages = [
            message([header(name, "a"), header(name, "a")]), message([rawHeaders([same, same])]),
            message([header(name, "a"), rawHeaders([same])]), message([rawHeaders([same]), rawHeaders([same])]),
        ]
        for bytes in messages { #expect(try read(bytes).request.headers.isAmbiguous) }
        #expect(
            try !read(message([header(name, "a"), header("x-other", "b"), header("x-other", "c")])).request.headers
                .isAmbiguous)
    }

    @Test func `what the route says is read, and no more of it than a caller may say`() throws {
        let extensions = (0..<100).map { WireOracle.Field.bytes(10, pair("k\($0)", "v\($0)")) }
        let (request, text) = try read(message([], attributes: extensions))
        #expect(!request.extensions.isEmpty && request.extensions.count < 100)
        #expect(request.extensions.enumerated().allSatisfy { text($0.element.name) == "k\($0.offset)" })
    }

    @Test func `a message without anything in it is a request without anything`() throws {
        for bytes in [[], message([]), WireOracle.message([.bytes(1, [])]), WireOracle.message([.varint(7, 7)])] {
            let (request, _) = try read(bytes)
            #expect(request.method.isEmpty && request.path.isEmpty && request.extensions.isEmpty)
            #expect(request.headers.apiKey == nil && request.headers.authorization == nil)
        }
    }

    @Test func `cut anywhere it is refused, unless the cut stands between two fields`() {
        let bytes = message(
            [.bytes(2, Array("POST".utf8)), header("x-api-key", "k"), rawHeaders([pair("authorization", "a")])],
            attributes: [.bytes(10, pair("a", "b"))])
        var request = AuthorizationRequest()
        for cut in 1..<bytes.count {
            let part = Array(bytes[..<cut])
            #expect(throws: ProtobufReader.Malformed.self, "cut at \(cut)") { try request.decode(part.span) }
        }
    }
}
