import Journal
import Testing
import Vocabulary

@testable import Gateway

struct ConsumptionTests {
    private static let policy = """
        headgate: 1
        name: use
        owner: tests
        tiers: [ { name: everything } ]
        classes: { web: { tier: everything, consequence: low, owner: tests } }
        operations: { read: { cost: 2 }, write: { cost: 3 } }
        plans: { only: { tenant: { rate: 10/s, burst: 10 } } }
        """

    private func world(loops: Int = 1) throws -> SmallWorld {
        try SmallWorld(ConsumptionTests.policy, loops: loops, consumption: Consumption())
    }

    private func row(
        _ tenant: String, _ operation: String, admitted: Int64 = 0, refused: Int64 = 0, cost: Int64 = 0
    ) -> [ConsumptionKey: ConsumptionCount] {
        let day = CalendarPeriod.day.index(at: SmallWorld.moment(.zero).wall)
        let key = ConsumptionKey(
            tenant: tenant, day: day, principal: "", trafficClass: "web", operation: operation)
        return [key: ConsumptionCount(admitted: admitted, refused: refused, cost: cost)]
    }

    @Test func `requests are counted by what they are and what became of them, over all loops`() throws {
        let world = try world(loops: 2)
        for number in 0..<6 { try world.decide("read", cost: 2, at: .zero, on: number % 2) }
        try world.decide("write", of: 1, cost: 3, at: .zero)
        let batch = try #require(world.plane.consumption?.collect())
        var expected = row("acme", "read", admitted: 5, refused: 1, cost: 10)
        expected.merge(row("zenith", "write", admitted: 1, cost: 3)) { first, _ in first }
        #expect(batch.counts == expected)
        #expect(world.plane.consumption?.collect().isEmpty == true, "each is told once")
    }

    @Test func `a look is no request unless it turns somebody away`() throws {
        let world = try world()
        try world.decide("read", cost: 1, at: .zero, isPeek: true)
        #expect(world.plane.consumption?.collect().isEmpty == true)
        try world.decide("read", cost: 10, at: .zero)
        try world.decide("read", cost: 1, at: .zero, isPeek: true)
        let batch = try #require(world.plane.consumption?.collect())
        #expect(batch.counts == row("acme", "read", admitted: 1, refused: 1, cost: 10))
    }

    @Test func `what was counted under a former policy keeps its names`() throws {
        let world = try world()
        try world.decide("read", cost: 1, at: .zero)
        try world.apply(
            ConsumptionTests.policy.replacing("read: { cost: 2 }", with: "aaa: { cost: 1 }, reed: { cost: 2 }"),
            at: .zero)
        try world.decide("reed", cost: 1, at: .zero)
        let batch = try #require(world.plane.consumption?.collect())
        var expected = row("acme", "read", admitted: 1, cost: 1)
        expected.merge(row("acme", "reed", admitted: 1, cost: 1)) { first, _ in first }
        #expect(batch.counts == expected)
    }

    @Test func `however many kinds there are, nothing is lost and the table stays small`() throws {
        let world = try world()
        var table = ConsumptionTable(world.plane.state)
        let kinds = ConsumptionTable.entryCountMax + 5_000
        for number in 0..<kinds {
            let key = ConsumptionTable.Key(
                tenant: Int32(number % 2), principal: Int32(number), operation: Int32(number % 7), day: 20_000)
            table.add(key, minute: 1) { $0.admitted += 1 }
        }
        #expect(table.entries.count == ConsumptionTable.entryCountMax + 2)
        #expect(table.entries.reduce(0) { $0 + $1.count.admitted } == Int64(kinds))
        table.clear()
        #expect(table.entries.isEmpty)
    }

    @Test func `the table agrees with a dictionary`() throws {
        let world = try world()
        var table = ConsumptionTable(world.plane.state)
        var oracle: [ConsumptionTable.Key: Int64] = [:]
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<20_000 {
            let key = ConsumptionTable.Key(
                tenant: .random(in: -1..<20, using: &generator), principal: .random(in: -1..<5, using: &generator),
                key: .random(in: -1..<3, using: &generator), trafficClass: .random(in: 0..<3, using: &generator),
                operation: .random(in: -1..<4, using: &generator), day: .random(in: 20_000..<20_003, using: &generator))
            let cost = Int64.random(in: 0..<100, using: &generator)
            table.add(key, minute: 0) { $0.cost += cost }
            oracle[key, default: 0] += cost
        }
        #expect(Dictionary(uniqueKeysWithValues: table.entries.map { ($0.key, $0.count.cost) }) == oracle)
    }
}

extension ConsumptionBatch {
    /// How much was used, of what.
    fileprivate var counts: [ConsumptionKey: ConsumptionCount] {
        rows.reduce(into: [:]) { counts, row in counts[row.key, default: ConsumptionCount()].add(row.count) }
    }
}
