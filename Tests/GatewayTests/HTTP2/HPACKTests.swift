import NIOCore
import NIOHPACK
import Testing

@testable import Gateway

/// Our decoder beside an encoder and a decoder that somebody else has written.
@Suite("The compression of HTTP/2 fields")
struct HPACKTests {
    /// What our decoder makes of blocks of one connection.
    private struct Reader: ~Copyable {
        var decoder = HPACKDecoder()
        var fields = HTTP2Fields()

        mutating func read(_ block: [UInt8], max: Int = 1 << 20) throws -> [[String]] {
            fields.begin(listBytesMax: max)
            try decoder.decode(block.span, into: &fields)
            return fields.bytes.withBytes { bytes in
                fields.list.map { [bytes.string($0.name.range), bytes.string($0.value.range)] }
            }
        }
    }

    private static let names = [
        ":path", ":method", ":authority", "content-type", "x-api-key", "te", "cookie", "accept", "x", "user-agent",
    ]

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `what another encoder writes is read as it was meant`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var encoder = NIOHPACK.HPACKEncoder(
            allocator: ByteBufferAllocator(), useHuffmanEncoding: seed.isMultiple(of: 2))
        var reader = Reader()
        for _ in 0..<300 {
            var headers = HPACKHeaders()
            for _ in 0..<Int.random(in: 0...12, using: &generator) {
                let length = [0, 1, 5, 30, 127, 128, 400, 5_000].randomElement(using: &generator) ?? 0
                let few = Bool.random(using: &generator)
                let value = String(
                    String.UnicodeScalarView(
                        (0..<length).map { _ in
                            Unicode.Scalar(UInt8.random(in: few ? 97...99 : 0...127, using: &generator))
                        }))
                let indexing = [HPACKIndexing.indexable, .nonIndexable, .neverIndexed].randomElement(using: &generator)
                headers.add(
                    name: HPACKTests.names.randomElement(using: &generator) ?? "x", value: value,
                    indexing: indexing ?? .indexable)
            }
            if Int.random(in: 0..<10, using: &generator) == 0 {
                try encoder.setDynamicTableSize(Int.random(in: 0...4_096, using: &generator))
            }
            var buffer = ByteBuffer()
            try encoder.encode(headers: headers, to: &buffer)
            let block = Array(buffer.readableBytesView)
            #expect(try reader.read(block) == headers.map { [$0.name, $0.value] })
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `noise is refused or read as another decoder reads it`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            var reader = Reader()
            var other = NIOHPACK.HPACKDecoder(allocator: ByteBufferAllocator())
            for _ in 0..<3 {
                var block = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
                    UInt8.random(in: 0...255, using: &generator)
                }
                // Mostly what begins like something.
                if let first = [UInt8(0x82), 0x40, 0x41, 0x0F, 0x20, 0xBE].randomElement(using: &generator) {
                    block.insert(first, at: 0)
                }
                var buffer = ByteBuffer(bytes: block)
                let expected = try? other.decodeHeaders(from: &buffer)
                let read = try? reader.read(block)
                // The other decoder refuses more: too many fields, and names that RFC 9113 forbids.
                guard let expected else { break }
                #expect(
                    read?.map { $0.map { Array($0.utf8) } }
                        == expected.map { [Array($0.name.utf8), Array($0.value.utf8)] })
                guard read != nil else { break }
            }
        }
    }

    @Test func `every letter's code is read at every place of a byte`() throws {
        var encoder = NIOHPACK.HPACKEncoder(allocator: ByteBufferAllocator(), useHuffmanEncoding: true)
        var reader = Reader()
        // All bytes that UTF-8 is made of.
        for scalar in Array(UInt32(0)..<0x900) + [0x1000, 0xE000, 0xFFFF, 0x10000, 0x50000, 0x90000, 0xD0000, 0x10FFFF]
        {
            let letter = try #require(Unicode.Scalar(scalar))
            let text = String(String.UnicodeScalarView(repeatElement(letter, count: 9))) + "a"
            var buffer = ByteBuffer()
            try encoder.encode(headers: HPACKHeaders([("x", text)]), to: &buffer)
            #expect(try reader.read(Array(buffer.readableBytesView)) == [["x", text]])
        }
    }

    @Test func `fields beyond the limit are dropped, and the table stays right`() throws {
        var reader = Reader()
        let large: [UInt8] = [0x40, 1, 97, 100] + [UInt8](repeating: 98, count: 100)
        #expect(try reader.read(large + large + [0xBE], max: 200) == [["a", String(repeating: "b", count: 100)]])
        let wasTooLarge = reader.fields.isTooLarge
        #expect(wasTooLarge)
        #expect(try reader.read([0xBE, 0xBF, 0x82], max: 1_000).count == 3)
        let isTooLarge = reader.fields.isTooLarge
        #expect(!isTooLarge)
    }

    @Test func `a table takes little for little, and never more than twice its size`() throws {
        var reader = Reader()
        let isEmpty = reader.decoder.heldBytes == 0
        #expect(isEmpty)
        _ = try reader.read([0x40, 1, 97, 1, 98])
        let little = reader.decoder.heldBytes
        #expect(little < 1_024)
        for index in 0..<10_000 {
            let value = Array(String(repeating: "v", count: index % 50 * index % 97).utf8)
            _ = try reader.read([0x40, 1, 97] + RawFrame.length(value.count) + value)
        }
        let much = reader.decoder.heldBytes
        #expect(much <= 2 * HPACKTable.sizeLimit + 128 * MemoryLayout<HTTP2Field>.stride + 1_024)
    }

    @Test func `a value that no field may have is known as such also where it is only referred to`() throws {
        let client = try HTTP2Client()
        let head = HTTP2Client.head().flatMap { RawFrame.literal($0.0, $0.1) }
        try client.send(.block(1, head + [0x40, 1, 97, 2, 32, 98]), .block(3, head + [0xBE]))
        // The same name with another value, and then that by its number.
        try client.send(.block(5, head + [0x7E, 1, 98]), .block(7, head + [0xBE]), .block(9, head + [0xBF]))
        #expect([1, 3, 9].allSatisfy { client.answers[$0]?.reset == 1 })
        #expect([5, 7].allSatisfy { client.answers[$0]?.status == "200" })
    }
}
