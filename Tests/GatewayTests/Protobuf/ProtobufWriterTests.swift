import Testing

@testable import Gateway

@Suite("Writing Protocol Buffers")
struct ProtobufWriterTests {
    private func written(_ body: (inout ByteWriter) -> Void) -> [UInt8] {
        var writer = ByteWriter()
        body(&writer)
        return writer.copy
    }

    @Test func `numbers are written as the oracle writes them`() {
        for shift in 0..<64 {
            for value in [UInt64(1) << UInt64(shift), UInt64(1) << UInt64(shift) - 1, UInt64.max >> UInt64(shift)] {
                #expect(written { $0.write(varint: value) } == WireOracle.varint(value), "\(value)")
                let field = written { $0.field(3, value) }
                #expect(field == (value == 0 ? [] : WireOracle.message([.varint(3, value)])), "\(value)")
            }
        }
    }

    @Test func `texts, bytes and doubles are written as the oracle writes them`() {
        for count in [0, 1, 127, 128, 16_383, 16_384, 70_000] {
            let text = String(repeating: "x", count: count)
            let expected = WireOracle.message([.bytes(2, Array(text.utf8))])
            #expect(written { $0.field(2, text) } == expected)
            var bytes = ByteWriter()
            bytes.write(text)
            let copy = bytes.copy
            #expect(copy.count == count)
            #expect(written { $0.field(2, bytes: bytes) } == expected)
        }
        #expect(written { $0.field(2, literal: "literal") } == WireOracle.message([.bytes(2, Array("literal".utf8))]))
        #expect(written { $0.field(2, 0.1) } == WireOracle.message([.fixed64(2, (0.1).bitPattern)]))
    }

    @Test func `messages in messages have the lengths that they turn out to have`() {
        for count in [0, 1, 120, 124, 125, 126, 127, 128, 129, 130, 16_380, 16_384, 20_000] {
            let text = String(repeating: "y", count: count)
            let bytes = written { writer in
                writer.write(0xAA)
                writer.field(1) { outer in
                    outer.field(2) { $0.field(3, text) }
                    outer.field(4, UInt64(7))
                }
            }
            let inner = WireOracle.message([.bytes(3, Array(text.utf8))])
            let outer = WireOracle.message([.bytes(2, inner), .varint(4, 7)])
            #expect(bytes == [0xAA] + WireOracle.message([.bytes(1, outer)]), "\(count)")
        }
        #expect(written { $0.field(1) { _ in } } == [10, 0])
    }

    @Test func `a hundred messages in each other come back`() throws {
        func nest(_ writer: inout ByteWriter, _ depth: Int) {
            if depth == 0 { return writer.field(1, UInt64(1)) }
            writer.field(1) { nest(&$0, depth - 1) }
        }
        var bytes = written { nest(&$0, 100) }
        for _ in 0..<100 {
            let fields = try #require(WireOracle.fields(bytes))
            guard case .bytes(1, let inner) = fields.first, fields.count == 1 else {
                Issue.record("\(fields)")
                return
            }
            bytes = inner
        }
        #expect(WireOracle.fields(bytes) == [.varint(1, 1)])
    }
}
