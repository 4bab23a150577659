import Testing

@testable import Gateway

@Suite("Reading Protocol Buffers")
struct ProtobufReaderTests {
    private typealias Field = WireOracle.Field

    /// What the reader finds; `nil` if it finds the message malformed.
    private func read(_ bytes: [UInt8], from start: Int = 0) -> [Field]? {
        var reader = ProtobufReader(start..<bytes.count)
        var fields: [Field] = []
        do throws(ProtobufReader.Malformed) {
            while let field = try reader.next(bytes.span) {
                let number = UInt64(field.number)
                switch field.content {
                case .varint(let value): fields.append(.varint(number, value))
                case .fixed64(let value): fields.append(.fixed64(number, value))
                case .bytes(let range): fields.append(.bytes(number, Array(bytes[range])))
                case .fixed32(let value): fields.append(.fixed32(number, value))
                }
            }
        } catch { return nil }
        return fields
    }

    private func randomField(_ generator: inout SeededGenerator) -> Field {
        let numbers: [UInt64] = [1, 2, 3, 15, 16, 2_047, 2_048, 1 << 29 - 1]
        let number = numbers[Int.random(in: 0..<numbers.count, using: &generator)]
        let value = UInt64.random(in: 0...UInt64.max, using: &generator) >> UInt64.random(in: 0...63, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: return .varint(number, value)
        case 1: return .fixed64(number, value)
        case 2:
            let count = Int.random(in: 0...200, using: &generator)
            return .bytes(number, (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
        default: return .fixed32(number, UInt32(truncatingIfNeeded: value))
        }
    }

    @Test func `what was written is read, and cut anywhere it is read or refused as the oracle does`() {
        var generator = SeededGenerator(seed: 42)
        for _ in 0..<200 {
            let fields = (0..<Int.random(in: 0...6, using: &generator)).map { _ in randomField(&generator) }
            let bytes = WireOracle.message(fields)
            #expect(read(bytes) == fields)
            for cut in 0..<bytes.count {
                let part = Array(bytes[..<cut])
                #expect(read(part) == WireOracle.fields(part), "cut at \(cut) of \(bytes)")
            }
        }
    }

    @Test func `of noise it makes what the oracle makes`() {
        var generator = SeededGenerator(seed: 7)
        var readable = 0
        for round in 0..<50_000 {
            let count = Int.random(in: 0...24, using: &generator)
            let bytes = (0..<count).map { _ in
                Bool.random(using: &generator)
                    ? UInt8.random(in: 0...24, using: &generator)
                    : UInt8.random(in: 0...255, using: &generator)
            }
            let found = read(bytes)
            #expect(found == WireOracle.fields(bytes), "round \(round): \(bytes)")
            if found?.isEmpty == false { readable += 1 }
        }
        #expect(readable > 1_000)
    }

    @Test func `numbers of one to ten bytes are read, however many of them are needed`() {
        for length in 1...10 {
            for value in [0, 1, 127, 128, 300, UInt64(UInt32.max), UInt64.max >> 1, UInt64.max] {
                let bytes = [8] + WireOracle.varint(value, length: length)
                #expect(read(bytes) == [.varint(1, value)], "\(value) in \(length)")
            }
        }
    }

    @Test func `a number of eleven bytes is malformed, and what goes beyond 64 bits is cut off`() {
        #expect(read([8] + [UInt8](repeating: 0x80, count: 10) + [1]) == nil)
        #expect(read([8] + [UInt8](repeating: 0x80, count: 10)) == nil)
        #expect(read([8] + [UInt8](repeating: 0xFF, count: 9) + [0x7F]) == [.varint(1, .max)])
        #expect(read([8] + [UInt8](repeating: 0x80, count: 9) + [0x02]) == [.varint(1, 0)])
    }

    @Test func `a length that leads beyond the end is malformed, however long it is`() {
        for length in [2, 127, 128, UInt64(Int32.max), UInt64(Int.max), UInt64(Int.max) + 1, UInt64.max] {
            #expect(read([10] + WireOracle.varint(length) + [97]) == nil, "\(length)")
        }
        #expect(read([10, 1, 97]) == [.bytes(1, [97])])
    }

    @Test func `a nested message ends where its own length says, not where the outer one ends`() throws {
        let inner = WireOracle.message([.bytes(1, Array("key".utf8))])
        let outer = WireOracle.message([.bytes(1, inner), .varint(2, 5)])
        var reader = ProtobufReader(2..<2 + inner.count - 1)
        #expect(throws: ProtobufReader.Malformed.self) { try reader.next(outer.span) }
        let entry = try ProtobufReader.entry(2..<2 + inner.count, outer.span)
        #expect(Array(outer[entry.name]) == Array("key".utf8))
        #expect(entry.value.isEmpty)
    }

    @Test(arguments: [0, 1, 2, 3, 4, 5, 6, 7] as [UInt8])
    func `field number zero and unknown kinds of fields are malformed`(kind: UInt8) {
        #expect(read([kind] + [UInt8](repeating: 0, count: 12)) == nil)
        let isKnown = [0, 1, 2, 5].contains(kind)
        let first = read([8 | kind] + [UInt8](repeating: 0, count: kind == 1 ? 8 : kind == 5 ? 4 : 1))
        #expect((first != nil) == isKnown)
    }

    @Test func `a field number beyond the largest is malformed`() {
        #expect(read(WireOracle.varint((1 << 29 - 1) * 8) + [0]) == [.varint(1 << 29 - 1, 0)])
        #expect(read(WireOracle.varint(1 << 32) + [0]) == nil)
        #expect(read(WireOracle.varint(.max) + [0]) == nil)
    }

    @Test func `groups are passed over, with all that is in them`() {
        let first = WireOracle.message([.varint(1, 5)])
        let last = WireOracle.message([.bytes(2, [97])])
        let inner = WireOracle.message([.varint(1, 9), .fixed64(2, 1), .bytes(3, [0x0C, 0xFF]), .fixed32(4, 7)])
        for number in [1, 2, 15, 16, 1 << 29 - 1] as [UInt64] {
            let nested = WireOracle.group(3, inner) + inner + WireOracle.group(number, [])
            for content in [[], inner, nested] {
                let group = WireOracle.group(number, content)
                #expect(read(first + group + last) == [.varint(1, 5), .bytes(2, [97])])
                #expect(read(group) == [])
            }
        }
    }

    @Test func `groups are read or refused as the oracle does, cut anywhere`() {
        var generator = SeededGenerator(seed: 11)
        func content(_ depth: Int) -> [UInt8] {
            (0..<Int.random(in: 0...3, using: &generator)).flatMap { _ in
                depth > 0 && Bool.random(using: &generator)
                    ? WireOracle.group(UInt64.random(in: 1...3, using: &generator), content(depth - 1))
                    : WireOracle.message([randomField(&generator)])
            }
        }
        for _ in 0..<100 {
            let bytes = content(4)
            #expect(read(bytes) == WireOracle.fields(bytes))
            #expect(read(bytes) != nil)
            for cut in 0..<bytes.count {
                let part = Array(bytes[..<cut])
                #expect(read(part) == WireOracle.fields(part), "cut at \(cut) of \(bytes)")
            }
        }
    }

    @Test func `a group that ends as another, that ends nothing or does not end is malformed`() {
        #expect(read([0x0B, 0x14]) == nil)
        #expect(read([0x0C]) == nil)
        #expect(read([0x0B]) == nil)
        #expect(read([0x0B, 0x13, 0x0C, 0x14]) == nil)
        #expect(read([0x0B, 0x00, 0x0C]) == nil)
        #expect(read([0x0B, 0x0E, 0x0C]) == nil)
    }

    @Test func `groups are nested a hundred deep and no deeper`() {
        for (depth, isTaken) in [(1, true), (100, true), (101, false), (100_000, false)] {
            let bytes = [UInt8](repeating: 0x0B, count: depth) + [UInt8](repeating: 0x0C, count: depth)
            #expect((read(bytes) != nil) == isTaken, "\(depth)")
        }
    }
}
