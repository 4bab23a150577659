import Testing
import Vocabulary

@testable import Journal

struct UsageEncodingTests {
    @Test func `shapes survive the file, whatever their names are`() throws {
        var slots: [UsageShape.Slot] = [
            .level(bucket: "pool", unitsPerCost: 1), .level(bucket: "lane/a\n/ü", unitsPerCost: .max),
        ]
        for unit in QuotaUnit.allCases {
            for period in CalendarPeriod.allCases { slots.append(.quota(unit: unit, period: period)) }
        }
        for shape in [UsageShape(plan: "/d/a=x", slots: slots), UsageShape(plan: "", slots: [])] {
            #expect(try UsageShape(content: shape.content) == shape)
        }
        let none = UsageShape(plan: "p", slots: [.level(bucket: "pool", unitsPerCost: 0)])
        #expect(throws: CompactReader.Malformed.self) { try UsageShape(content: none.content) }
    }

    @Test func `rows survive, also copied from one segment to another`() throws {
        let rows: [(tenant: TenantKey, numbers: [Int64])] = [
            (TenantKey(bits: 0), []), (TenantKey(bits: .max), [.min, .max, 0]),
            (TenantKey(bits: 0x0102_0304_0506_0708_090A_0B0C_0D0E_0F10), [1]),
        ]
        var segment = UsageSegment()
        #expect(segment.isEmpty)
        for (number, row) in rows.enumerated() {
            segment.append(row.tenant, shape: Int64(number), at: WallTime(milliseconds: 7), row.numbers[...])
        }
        var copy = UsageSegment()
        var reader = try UsageSegmentReader(segment.bytes)
        for (number, expected) in rows.enumerated() {
            let row = try #require(try reader.next())
            #expect(row.tenant == expected.tenant)
            #expect(row.shape == Int64(number))
            #expect(row.wall == WallTime(milliseconds: 7))
            #expect(reader.numbers == expected.numbers)
            copy.append(copying: reader.bytes(of: row))
        }
        #expect(try reader.next() == nil)
        #expect(copy.bytes == segment.bytes)
    }

    @Test func `whatever bytes a segment or a shape has, reading throws or answers`() throws {
        var generator = SeededGenerator(seed: 3)
        var segment = UsageSegment()
        for number in 0..<20 {
            segment.append(
                TenantKey(bits: UInt128(number)), shape: 1, at: Samples.wall, [Int64(number), .max, .min][...])
        }
        let shape = UsageShape(
            plan: "plan", slots: [.quota(unit: .cost, period: .day), .level(bucket: "lane/x", unitsPerCost: 9)])
        var failures = 0
        for _ in 0..<5_000 {
            for good in [segment.bytes, shape.content] {
                var bytes = Array(good.prefix(.random(in: 0...good.count, using: &generator)))
                for _ in 0..<Int.random(in: 0...3, using: &generator) where !bytes.isEmpty {
                    bytes[.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
                }
                do {
                    var reader = try UsageSegmentReader(bytes)
                    while try reader.next() != nil {}
                    _ = try UsageShape(content: bytes)
                } catch { failures += 1 }
            }
        }
        #expect(failures > 1_000)
    }

    @Test func `keys that were seen are known, and no others`() {
        var generator = SeededGenerator(seed: 4)
        var keys = TenantKeySet(capacity: 4)
        var oracle: Set<UInt128> = []
        for _ in 0..<20_000 {
            // Few different lower bits, so that many keys want the same slot; the key 0 among them.
            let high = UInt128(UInt64.random(in: 0..<1_000, using: &generator)) << 64
            let bits = high | UInt128(UInt64.random(in: 0..<8, using: &generator))
            #expect(keys.insert(TenantKey(bits: bits)) == oracle.insert(bits).inserted)
        }
    }
}
