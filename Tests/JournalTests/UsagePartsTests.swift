import Foundation
import GRDB
import Testing
import Vocabulary

@testable import Journal

struct UsagePartsTests {
    private static func database(_ folder: TemporaryFolder) throws -> UsageDatabase {
        try UsageDatabase(
            file: .usage(at: folder.usagePath), hashKey: TenantHashKey(high: 1, low: 2), required: false,
            at: Samples.wall)
    }

    private func random(_ tenant: UInt128, using generator: inout SeededGenerator) -> TenantUse {
        // Spread over all parts, of which the bits above the lower 64 choose.
        let tenant = tenant &* 0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835
        return switch Int.random(in: 0...2, using: &generator) {
        case 0: .quota(tenant, used: .random(in: 0...Int64.max, using: &generator))
        case 1: .level(tenant, "pool", .random(in: 0...9, using: &generator))
        default: .level(tenant, "lane/export", .random(in: 0...9_000_000, using: &generator))
        }
    }

    @Test(arguments: [UInt64](1...4))
    func `after any number of commits, rewrites and restarts each tenant is as it was saved last`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let folder = try TemporaryFolder()
        var oracle: [UInt128: TenantUse] = [:]
        var database = try UsagePartsTests.database(folder)
        for _ in 0..<300 {
            let count = UInt128(Int.random(in: 0...60, using: &generator))
            let uses = (0..<count).map { _ in
                random(UInt128(UInt64.random(in: 0..<400, using: &generator)), using: &generator)
            }
            let batch = Dictionary(uses.map { ($0.tenant, $0) }) { _, newer in newer }
            oracle.merge(batch) { _, newer in newer }
            try database.write(UsageBatch(Array(batch.values)), isGoodbye: false, at: Samples.wall)
            if Int.random(in: 0..<50, using: &generator) == 0 {
                database.close()
                database = try UsagePartsTests.database(folder)
            }
        }
        database.close()
        let store = UsageStore(file: .usage(at: folder.usagePath), found: database.found)
        let loaded = try store.uses()
        #expect(loaded.count == oracle.count, "seed \(seed)")
        #expect(Set(loaded) == Set(oracle.values), "seed \(seed)")
    }

    @Test func `a file does not grow with time`() throws {
        let folder = try TemporaryFolder()
        let database = try UsagePartsTests.database(folder)
        var generator = SeededGenerator(seed: 5)
        let uses = (0..<500).map { random($0, using: &generator) }
        for _ in 0..<1_000 { try database.write(UsageBatch(uses), isGoodbye: false, at: Samples.wall) }
        database.close()
        let queue = try DatabaseQueue(path: folder.usagePath)
        let (count, bytes) = try queue.read { database in
            (
                try Int.fetchOne(database, sql: "SELECT count(*) FROM segment") ?? 0,
                try Int.fetchOne(database, sql: "SELECT sum(length(body)) FROM segment") ?? 0
            )
        }
        try queue.close()
        // A turn of all parts, a commit each, adds sixteen segments to each.
        #expect(count <= UsageParts.count * (UsageParts.count + 2), "\(count) segments")
        #expect(bytes < 500 * 45 * (UsageParts.count + 2), "\(bytes) bytes")
    }

    @Test func `rewriting leaves out what is long over`() throws {
        let folder = try TemporaryFolder()
        let database = try UsagePartsTests.database(folder)
        try database.write(UsageBatch([.level(1, "pool", 5, daysAgo: 41)]), isGoodbye: false, at: Samples.wall)
        for _ in 0..<UsageParts.count {
            try database.write(UsageBatch([.level(2, "pool", 5)]), isGoodbye: false, at: Samples.wall)
        }
        database.close()
        let queue = try DatabaseQueue(path: folder.usagePath)
        let bytes = try queue.read { try Int.fetchOne($0, sql: "SELECT max(length(body)) FROM segment") }
        #expect(bytes ?? .max < 40, "no segment has two tenants")
        try queue.close()
    }

    @Test func `shapes that nobody has any more are forgotten at the start`() throws {
        let folder = try TemporaryFolder()
        var database = try UsagePartsTests.database(folder)
        for number in 0..<1_001 {
            let use = TenantUse(
                tenant: 1, shape: UsageShape(plan: "plan-\(number)", slots: [.level(bucket: "pool", unitsPerCost: 1)]),
                wall: Samples.wall, numbers: [1])
            try database.write(UsageBatch([use]), isGoodbye: false, at: Samples.wall)
        }
        func count() throws -> Int? {
            let queue = try DatabaseQueue(path: folder.usagePath)
            defer { try? queue.close() }
            return try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM shape") }
        }
        database.close()
        #expect(try count() == 1_001)
        database = try UsagePartsTests.database(folder)
        #expect(try count() ?? .max < 100)
        let use = TenantUse.quota(2, used: 3)
        try database.write(UsageBatch([use]), isGoodbye: false, at: Samples.wall)
        database.close()
        let uses = try UsageStore(file: .usage(at: folder.usagePath), found: database.found).uses()
        #expect(uses.map(\.shape.plan).sorted() == ["growth", "plan-1000"])
    }
}

struct FirstUsageTests {
    /// A file as the first version left it.
    private func first(_ folder: TemporaryFolder, _ rows: String) throws {
        let file = DatabaseFile.usage(at: folder.usagePath)
        let queue = try DatabaseQueue(path: folder.usagePath)
        try queue.inDatabase { database in
            try database.execute(sql: file.migrations[0])
            try database.execute(sql: rows)
            try database.execute(
                sql: """
                    INSERT INTO state VALUES ('saved', \(Samples.wall.milliseconds)), ('clean', 1), ('hash_high', 5),
                        ('hash_low', 6);
                    PRAGMA application_id = \(file.applicationID);
                    PRAGMA user_version = 1;
                    """)
        }
        try queue.close()
    }

    @Test func `what the first version saved is read, and is there after the next restart too`() throws {
        let folder = try TemporaryFolder()
        let month = CalendarPeriod.month.index(at: Samples.wall)
        let wall = WallTime(milliseconds: Samples.wall.milliseconds - 5_000)
        try first(
            folder,
            """
            INSERT INTO slot (number, kind, name) VALUES
                (1, 'quota', 'requests/month'), (2, 'level', 'pool'), (3, 'level', 'lane/a'), (4, 'dream', 'x');
            INSERT INTO usage VALUES
                (-1, -1, 1, 17, \(month)), (-1, -1, 2, 30, \(wall.milliseconds)),
                (-1, -1, 3, 40, \(wall.milliseconds)), (0, 2, 1, 18, \(month)), (0, 3, 4, 1, 1);
            """)
        let levels =
            [UsageShape.Slot.level(bucket: "pool", unitsPerCost: 1_000_000_000)] + [
                .level(bucket: "lane/a", unitsPerCost: 1_000_000_000)
            ]
        let quota = UsageShape.Slot.quota(unit: .requests, period: .month)
        let expected: Set<TenantUse> = [
            TenantUse(
                tenant: .max, shape: UsageShape(plan: "", slots: [quota] + levels), wall: wall,
                numbers: [Int64(month), 17, 30, 40]),
            TenantUse(
                tenant: 2, shape: UsageShape(plan: "", slots: [quota]), wall: Samples.wall,
                numbers: [Int64(month), 18]),
        ]
        let file = DatabaseFile.usage(at: folder.usagePath)
        let found = try UsageDatabase.found(readOnly: file, hashKey: TenantHashKey(high: 8, low: 9))
        #expect(Set(try UsageStore(file: file, found: found).uses()) == expected, "as on a disk without room")
        for _ in 0..<2 {
            let archive = try Archive.forTest(at: folder.path)
            #expect(archive.usage.wasCleanShutdown)
            #expect(archive.usage.hashKey == TenantHashKey(high: 5, low: 6))
            #expect(Set(try archive.usage.uses()) == expected)
            archive.usage.markCleanShutdown()
            archive.close()
        }
    }

    @Test func `slots are read by their names, and unknown ones are stepped over`() {
        for unit in QuotaUnit.allCases {
            for period in CalendarPeriod.allCases {
                let slot = FirstUsage.slot(kind: "quota", name: "\(unit.name)/\(period.name)")
                #expect(slot == .quota(unit: unit, period: period))
            }
        }
        let level = FirstUsage.slot(kind: "level", name: "class/export/x")
        #expect(level == .level(bucket: "class/export/x", unitsPerCost: 1_000_000_000))
        for name in ["requests", "requests/eon", "clicks/day", "requests/day/x", ""] {
            #expect(FirstUsage.slot(kind: "quota", name: name) == nil)
        }
        #expect(FirstUsage.slot(kind: "other", name: "x") == nil)
    }
}
