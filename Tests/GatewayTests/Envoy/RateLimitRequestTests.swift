import Testing

@testable import Gateway

@Suite("Reading RateLimitRequest")
struct RateLimitRequestTests {
    private typealias Oracle = WireOracle

    private func entry(_ key: String, _ value: String) -> WireOracle.Field {
        .bytes(1, Oracle.message([.bytes(1, Array(key.utf8)), .bytes(2, Array(value.utf8))]))
    }

    private func descriptor(_ fields: [WireOracle.Field]) -> WireOracle.Field { .bytes(2, Oracle.message(fields)) }

    private func wrapped(_ number: UInt64) -> [UInt8] { Oracle.message([.varint(1, number)]) }

    /// What is read of a message: the domain, and for each descriptor its hits and entries.
    private func read(_ fields: [WireOracle.Field]) throws -> [String] {
        let bytes = Oracle.message(fields)
        var request = RateLimitRequest()
        // Twice, because the tables are used again.
        try request.decode(bytes.span)
        try request.decode(bytes.span)
        func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        return [text(request.domain)]
            + request.descriptors.map { descriptor in
                let entries = request.entries[descriptor.entries].map { "\(text($0.key))=\(text($0.value))" }
                return "\(request.hits(of: descriptor)): \(entries.joined(separator: ","))"
            }
    }

    @Test func `a call with descriptors is read`() throws {
        let found = try read([
            .bytes(1, Array("edge".utf8)), descriptor([entry("a", "1"), entry("b", "2")]), descriptor([entry("c", "")]),
        ])
        #expect(found == ["edge", "1: a=1,b=2", "1: c="])
    }

    @Test func `fields come in any order, and unknown ones are skipped`() throws {
        let known: [WireOracle.Field] = [
            .varint(3, 4), descriptor([entry("a", "1")]), .bytes(1, Array("edge".utf8)),
        ]
        let unknown: [WireOracle.Field] = [
            .varint(9, 1), .fixed64(10, 2), .bytes(11, [255, 255]), .fixed32(1_000, 3), .bytes(3, [1]), .varint(1, 5),
        ]
        for rotation in 0..<9 {
            var fields = known + unknown
            fields = Array(fields[rotation...] + fields[..<rotation])
            #expect(try read(fields) == ["edge", "4: a=1"])
        }
        let inner = descriptor([.bytes(2, [1, 2]), .varint(7, 7), entry("a", "1"), .fixed32(1, 5)])
        #expect(try read([inner]) == ["", "1: a=1"])
    }

    @Test func `of a single field that stands twice the last counts`() throws {
        #expect(
            try read([
                .bytes(1, Array("x".utf8)), .varint(3, 9), .bytes(1, Array("y".utf8)), .varint(3, 2), descriptor([]),
            ])
                == ["y", "2: "])
        let twice = WireOracle.Field.bytes(
            1, Oracle.message([.bytes(1, [97]), .bytes(2, [98]), .bytes(1, [99]), .bytes(2, [100])]))
        #expect(try read([descriptor([twice])]) == ["", "1: c=d"])
    }

    @Test func `hits are one unless the call says more, and a descriptor's own word wins`() throws {
        let plain = descriptor([entry("a", "1")])
        #expect(try read([plain])[1] == "1: a=1")
        #expect(try read([plain, .varint(3, 0)])[1] == "1: a=1")
        #expect(try read([plain, .varint(3, 7)])[1] == "7: a=1")
        #expect(try read([plain, .varint(3, UInt64(UInt32.max))])[1] == "4294967295: a=1")
        let own = descriptor([entry("a", "1"), .bytes(3, wrapped(3))])
        #expect(try read([own, .varint(3, 7)])[1] == "3: a=1")
        let huge = descriptor([entry("a", "1"), .bytes(3, wrapped(.max))])
        #expect(try read([huge])[1] == "\(Int64.max): a=1")
    }

    @Test func `zero hits of a descriptor's own are a look, written out or left out`() throws {
        for zero in [[], wrapped(0)] {
            #expect(try read([descriptor([entry("a", "1"), .bytes(3, zero)]), .varint(3, 7)])[1] == "0: a=1")
        }
    }

    @Test func `hits that stand twice are merged, as messages are`() throws {
        for (occurrences, hits) in [
            ([wrapped(3), []], 3), ([[], wrapped(3)], 3), ([wrapped(3), wrapped(5)], 5), ([wrapped(3), wrapped(0)], 0),
        ] {
            let fields = [entry("a", "1")] + occurrences.map { WireOracle.Field.bytes(3, $0) }
            #expect(try read([descriptor(fields)])[1] == "\(hits): a=1")
        }
    }

    @Test func `names are UTF-8, and values may be any bytes`() throws {
        func message(domain: [UInt8], key: [UInt8], value: [UInt8]) -> [UInt8] {
            Oracle.message([
                .bytes(1, domain), descriptor([.bytes(1, Oracle.message([.bytes(1, key), .bytes(2, value)]))]),
            ])
        }
        let (good, accented) = (Array("edge".utf8), Array("grün und länger als acht".utf8))
        var request = RateLimitRequest()
        try request.decode(message(domain: accented, key: accented, value: accented).span)
        // What Envoy hands on of a client's header must not make the call fail: one that fails open would let it by.
        try request.decode(message(domain: good, key: good, value: [0x61, 0xFF]).span)
        // A byte that begins nothing, half a letter, a surrogate, a letter written too long.
        for bad in [[0xFF], [0x61, 0xC3], [0xED, 0xA0, 0x80], [0xC0, 0xAF]] as [[UInt8]] {
            let bad = Array("a long name ".utf8) + bad
            for bytes in [message(domain: bad, key: good, value: []), message(domain: good, key: bad, value: [])] {
                #expect(throws: RateLimitRequest.Problem.malformed) { try request.decode(bytes.span) }
            }
        }
    }

    @Test func `hits that are to be given back are a look`() throws {
        let back = descriptor([entry("a", "1"), .bytes(3, wrapped(5)), .varint(4, 1)])
        #expect(try read([back])[1] == "0: a=1")
        let not = descriptor([entry("a", "1"), .bytes(3, wrapped(5)), .varint(4, 0)])
        #expect(try read([not])[1] == "5: a=1")
    }

    @Test func `a thousand descriptors are read, and one more is too many`() throws {
        let many = (0..<1_000).map { descriptor([entry("k", "\($0)")]) }
        #expect(try read(many).count == 1_001)
        let more = many + [descriptor([])]
        #expect(throws: RateLimitRequest.Problem.tooManyDescriptors) { try read(more) }
    }

    @Test func `cut anywhere the message is read or refused, never misread`() throws {
        let fields = [
            WireOracle.Field.bytes(1, Array("edge".utf8)),
            descriptor([entry("a", "1"), .bytes(3, wrapped(300)), .varint(4, 1)]), .varint(3, 300),
        ]
        let bytes = Oracle.message(fields)
        var request = RateLimitRequest()
        for cut in 0..<bytes.count {
            let part = Array(bytes[..<cut])
            let isWhole = WireOracle.fields(part) != nil
            do {
                try request.decode(part.span)
                #expect(isWhole, "cut at \(cut)")
            } catch {
                #expect(!isWhole, "cut at \(cut)")
                #expect(error == .malformed)
            }
        }
    }

    @Test func `a length inside a descriptor that leads beyond it is malformed`() {
        var request = RateLimitRequest()
        let lie: [UInt8] = [18, 4, 10, 9, 10, 0, 10, 0, 10, 0, 10, 0]
        #expect(throws: RateLimitRequest.Problem.malformed) { try request.decode(lie.span) }
    }
}
