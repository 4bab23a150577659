import Foundation
import GRDB
import Testing
import Vocabulary

@testable import Journal

struct UsageStoreTests {
    private static let period = CalendarPeriod.month.index(at: Samples.wall)

    private func quota(_ tenant: UInt128, used: Int64, index: Int32 = UsageStoreTests.period) -> UsageEntry {
        UsageEntry(
            tenant: TenantKey(bits: tenant), use: .quota(unit: .requests, period: .month, index: index, used: used))
    }

    private func level(_ tenant: UInt128, _ slot: String, _ level: Int64, daysAgo: Int64 = 0) -> UsageEntry {
        let wall = WallTime(milliseconds: Samples.wall.milliseconds - daysAgo * CivilDate.millisecondsPerDay)
        return UsageEntry(tenant: TenantKey(bits: tenant), use: .level(slot: slot, level: level, wall: wall))
    }

    private func loaded(_ archive: Archive) throws -> [UsageEntry] {
        var entries: [UsageEntry] = []
        try archive.usage.load { entries.append($0) }
        return entries
    }

    @Test func `use survives a restart, the newest of each kind, tenant by tenant`() throws {
        let folder = try TemporaryFolder()
        let first = try Archive.forTest(at: folder.path)
        #expect(first.usage.wasCleanShutdown)
        #expect(first.usage.lastSaved == nil)
        #expect(try loaded(first).isEmpty)
        first.usage.save([quota(.max, used: 1), level(1, "tenant", 7), level(.max, "class/export", -3)])
        first.usage.save([quota(.max, used: 2), quota(1 << 64, used: .max)])
        first.usage.markCleanShutdown()
        first.close()
        #expect(first.usage.lastSaved == Samples.wall)

        let second = try Archive.forTest(at: folder.path)
        defer { second.close() }
        #expect(second.usage.wasCleanShutdown)
        #expect(second.usage.lastSaved == Samples.wall)
        #expect(second.usage.hashKey == first.usage.hashKey)
        let entries = try loaded(second)
        #expect(
            Set(entries) == [
                level(1, "tenant", 7), quota(1 << 64, used: .max), quota(.max, used: 2),
                level(.max, "class/export", -3),
            ])
        let last = try #require(entries.firstIndex { $0.tenant.bits == .max })
        #expect(entries.count == 4)
        #expect(entries.enumerated().filter { $1.tenant.bits == .max }.map(\.offset) == [last, last + 1])
    }

    @Test func `a stop without good-bye is known, also the one after the next start`() throws {
        let folder = try TemporaryFolder()
        for round in 0..<3 {
            let archive = try Archive.forTest(at: folder.path)
            #expect(archive.usage.wasCleanShutdown == (round == 0))
            archive.usage.save([quota(1, used: Int64(round))])
            archive.close()
        }
        let archive = try Archive.forTest(at: folder.path)
        archive.usage.markCleanShutdown()
        archive.close()
        let last = try Archive.forTest(at: folder.path)
        #expect(last.usage.wasCleanShutdown)
        #expect(try loaded(last) == [quota(1, used: 2)])
        last.close()
    }

    @Test func `what is long over is forgotten at the start`() throws {
        let folder = try TemporaryFolder()
        let first = try Archive.forTest(at: folder.path)
        let period = UsageStoreTests.period
        let kept = [
            quota(1, used: 1), quota(2, used: 2, index: period - 1), level(4, "tenant", 4, daysAgo: 39),
        ]
        first.usage.save(kept + [quota(3, used: 3, index: period - 2), level(5, "tenant", 5, daysAgo: 41)])
        first.close()
        let second = try Archive.forTest(at: folder.path)
        defer { second.close() }
        #expect(Set(try loaded(second)) == Set(kept))
    }

    /// The writing side stepped by hand.
    private final class Rig {
        let folder: TemporaryFolder
        let notices = Notices()
        let store: UsageStore
        let duty: UsageDuty
        private(set) var now = Moment(monotonic: .seconds(100), wall: Samples.wall)

        init() throws {
            folder = try TemporaryFolder()
            let file = DatabaseFile.usage(at: folder.usagePath)
            let key = TenantHashKey(high: 1, low: 2)
            let database = try UsageDatabase(file: file, hashKey: key, required: false, at: Samples.wall)
            store = UsageStore(file: file, found: database.found)
            let notices = notices
            duty = UsageDuty(store: store, file: file, database: database, notify: { notices.append($0) })
        }

        deinit { duty.finish(at: now) }

        func perform(after milliseconds: Int64) {
            now.monotonic = now.monotonic + .milliseconds(milliseconds)
            now.wall = WallTime(milliseconds: now.wall.milliseconds + milliseconds)
            duty.perform(at: now)
        }

        func amounts() throws -> [Int64] {
            var amounts: [Int64] = []
            try store.load { amounts.append($0.use.amount) }
            return amounts
        }
    }

    @Test func `commits come twice a second, and an empty save keeps the time of the last one true`() throws {
        let rig = try Rig()
        rig.perform(after: 0)
        rig.store.save([quota(1, used: 1)])
        rig.perform(after: 499)
        #expect(rig.store.lastSaved == nil)
        rig.perform(after: 1)
        #expect(rig.store.lastSaved == rig.now.wall)
        #expect(try rig.amounts() == [1])
        rig.store.save([])
        rig.perform(after: 1_000)
        #expect(rig.store.lastSaved == rig.now.wall)
        let before = rig.now.wall
        rig.perform(after: 1_000)
        #expect(rig.store.lastSaved == before)
    }

    @Test func `while the file is locked use waits, merged, and is written when it can be`() throws {
        let rig = try Rig()
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: rig.folder.usagePath, configuration: configuration)
        try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
        rig.store.save([quota(1, used: 1), quota(2, used: 1)])
        rig.perform(after: 1_000)
        rig.store.save([quota(1, used: 2)])
        rig.perform(after: 1_000)
        #expect(rig.store.writeErrors == 2)
        #expect(rig.store.lastSaved == nil)
        try other.inDatabase { try $0.execute(sql: "COMMIT") }
        rig.perform(after: 1_000)
        #expect(try rig.amounts() == [2, 1])
        #expect(rig.notices.codes == [.failing, .recovered])
    }

    @Test func `a file that is damaged or swapped while it is used is replaced, under the same hash key`() throws {
        let rig = try Rig()
        let garbage = Data(repeating: 9, count: 100_000)
        rig.duty.finish(at: rig.now)  // lets go of the file; the next commit opens it again
        try garbage.write(to: URL(fileURLWithPath: rig.folder.usagePath))
        rig.store.save([quota(1, used: 5)])
        rig.perform(after: 1_000)
        rig.perform(after: 1_000)
        #expect(rig.notices.codes == [.startedFresh, .recovered])
        #expect(try rig.amounts() == [5])
        #expect(rig.folder.names.contains { $0.hasPrefix("usage.sqlite.damaged-") })
        let found = try UsageDatabase(
            file: .usage(at: rig.folder.usagePath), hashKey: TenantHashKey(high: 8, low: 9), required: false,
            at: Samples.wall
        ).found
        #expect(found.hashKey == TenantHashKey(high: 1, low: 2))
        let failure = #expect(throws: StoreFailure.self) {
            _ = try UsageDatabase(
                file: .usage(at: rig.folder.usagePath), hashKey: TenantHashKey(high: 8, low: 9), required: true,
                at: Samples.wall
            ).found
        }
        #expect(failure?.kind == .damaged)
    }

    @Test func `slots survive being named, and unknown ones are stepped over`() throws {
        for unit in QuotaUnit.allCases {
            for period in CalendarPeriod.allCases {
                let slot = UsageSlot.quota(unit: unit, period: period)
                #expect(UsageSlot(kind: slot.kind, name: slot.name) == slot)
            }
        }
        let slot = UsageSlot.level(slot: "class/export/x")
        #expect(UsageSlot(kind: slot.kind, name: slot.name) == slot)
        for name in ["requests", "requests/year", "clicks/day", "requests/day/x", ""] {
            #expect(UsageSlot(kind: "quota", name: name) == nil)
        }
        #expect(UsageSlot(kind: "other", name: "x") == nil)
    }
}
