import Testing
import Vocabulary

@testable import Journal

struct EncodingTests {
    @Test func `every digit of an id stands in every place as the alphabet has it`() {
        let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        for place in 0..<26 {
            for (value, digit) in alphabet.enumerated() where place < 25 || value < 8 {
                var expected = Array(repeating: Character("0"), count: 26)
                expected[25 - place] = digit
                let id = DecisionID(bits: UInt128(value) << UInt128(5 * place))
                #expect(id.description == String(expected))
                #expect(DecisionID(id.description) == id)
            }
        }
    }

    @Test func `every field of a record survives the file`() throws {
        let rig = try StoreRig()
        try rig.write([Samples.full])
        let read = try rig.reader().record(id: Samples.full.id.description)
        #expect(read == Samples.full)
    }

    @Test func `a record without anything optional survives the file`() throws {
        let rig = try StoreRig()
        try rig.write([Samples.plain(1)])
        #expect(try rig.reader().record(id: Samples.plain(1).id.description) == Samples.plain(1))
    }

    @Test func `records at random survive the file`() throws {
        var generator = SeededGenerator(seed: 42)
        let records = (0..<500).map { _ in Samples.random(using: &generator) }
        let rig = try StoreRig()
        try rig.write(records)
        var query = JournalQuery()
        query.limit = nil
        query.order = .oldestFirst
        #expect(try rig.reader().records(query) == records.sorted { $0.id < $1.id })
    }

    @Test func `numbers of any size survive`() throws {
        var numbers: [Int64] = [0, 1, -1, 63, 64, -64, -65, .max, .min]
        for shift in 0..<63 { numbers += [1 << Int64(shift), -(1 << Int64(shift)), (1 << Int64(shift)) - 1] }
        var writer = CompactWriter()
        for number in numbers {
            writer.append(number)
            writer.append(UInt64(bitPattern: number))
        }
        var reader = CompactReader(writer.bytes)
        for number in numbers {
            #expect(try reader.signed() == number)
            #expect(try reader.unsigned() == UInt64(bitPattern: number))
        }
        #expect(reader.isAtEnd)
    }

    @Test func `small numbers take one byte`() {
        for number in Int64(-64)...63 {
            var writer = CompactWriter()
            writer.append(number)
            #expect(writer.bytes.count == 1)
        }
    }

    @Test func `a number of more than 64 bits is malformed`() {
        var tooLong = CompactReader([UInt8](repeating: 0x80, count: 10) + [1])
        #expect(throws: CompactReader.Malformed.self) { try tooLong.unsigned() }
        var tooLarge = CompactReader([UInt8](repeating: 0xFF, count: 9) + [2])
        #expect(throws: CompactReader.Malformed.self) { try tooLarge.unsigned() }
    }

    @Test func `details cut or changed anywhere throw or decode, and never trap`() throws {
        var names: [String] = []
        var encoder = DetailsEncoder { name in
            names.append(name)
            return Int64(names.count)
        }
        let bytes = try encoder.encode(Samples.full)
        let columns = DetailsDecoder.Columns(
            id: Samples.full.id, tier: "critical", outcome: "admit", reason: "stage_not_enforcing",
            wouldBeReason: "region_saturated")
        func decode(_ bytes: [UInt8]) throws -> DecisionRecord {
            var decoder = DetailsDecoder(bytes) { number in
                guard number >= 1, number <= names.count else { throw DetailsDecoder.Problem.missingName }
                return names[Int(number) - 1]
            }
            return try decoder.decode(columns)
        }
        #expect(try decode(bytes).readings == Samples.full.readings)
        for count in 0..<bytes.count {
            #expect(throws: (any Error).self) { try decode(Array(bytes.prefix(count))) }
        }
        #expect(throws: DetailsDecoder.Problem.trailingBytes) { try decode(bytes + [0]) }
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<5_000 {
            var changed = bytes
            changed[Int.random(in: 0..<changed.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            _ = try? decode(changed)
        }
    }

    @Test func `ids sort as blobs as they do as numbers`() {
        var generator = SeededGenerator(seed: 3)
        let ids = (0..<1_000).map { _ in
            DecisionID(bits: UInt128(generator.next()) << 64 | UInt128(generator.next()))
        }
        #expect(ids.sorted().map(\.blob) == ids.map(\.blob).sorted { $0.lexicographicallyPrecedes($1) })
        #expect(ids.allSatisfy { DecisionID(blob: $0.blob) == $0 })
    }

    @Test func `policy versions are read back from their text, and nothing else is`() {
        #expect(PolicyVersion(Samples.version.description) == Samples.version)
        for text in ["", "sha256:", "sha256:12", String(Samples.version.description.dropLast()) + "g"] {
            #expect(PolicyVersion(text) == nil)
        }
    }

    @Test func `every word that records store is read back`() {
        #expect(Outcome.allCases.allSatisfy { Outcome(name: $0.name) == $0 })
        #expect(Stage.allCases.allSatisfy { Stage(name: $0.name) == $0 })
        #expect(BudgetLevel.allCases.allSatisfy { BudgetLevel(name: $0.name) == $0 })
        #expect(DecisionRecord.Source.allCases.allSatisfy { DecisionRecord.Source(code: $0.code) == $0 })
    }
}
