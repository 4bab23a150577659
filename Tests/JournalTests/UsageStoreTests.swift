import Foundation
import GRDB
import Testing
import Vocabulary

@testable import Journal

struct UsageStoreTests {
    @Test func `use survives a restart, the newest of each tenant, each once`() throws {
        let folder = try TemporaryFolder()
        let first = try Archive.forTest(at: folder.path)
        #expect(first.usage.wasCleanShutdown)
        #expect(first.usage.lastSaved == nil)
        #expect(try first.usage.uses().isEmpty)
        let source = UsageSource(of: first.usage)
        source.note([.quota(.max, used: 1), .level(0, "pool", 7), .level(3, "lane/export", 3)])
        source.note([.quota(.max, used: 2), .quota(1 << 64, used: .max)])
        first.usage.markCleanShutdown()
        first.close()
        #expect(first.usage.lastSaved == Samples.wall)

        let second = try Archive.forTest(at: folder.path)
        #expect(second.usage.wasCleanShutdown)
        #expect(second.usage.lastSaved == Samples.wall)
        #expect(second.usage.hashKey == first.usage.hashKey)
        UsageSource(of: second.usage).note([.quota(0, used: 9)])
        second.close()
        let uses = try second.usage.uses()
        #expect(uses.count == 4)
        #expect(
            Set(uses) == [
                .quota(0, used: 9), .quota(1 << 64, used: .max), .quota(.max, used: 2), .level(3, "lane/export", 3),
            ])
    }

    @Test func `a stop without good-bye is known, also the one after the next start`() throws {
        let folder = try TemporaryFolder()
        for round in 0..<3 {
            let archive = try Archive.forTest(at: folder.path)
            #expect(archive.usage.wasCleanShutdown == (round == 0))
            UsageSource(of: archive.usage).note([.quota(1, used: Int64(round))])
            archive.close()
        }
        let archive = try Archive.forTest(at: folder.path)
        archive.usage.markCleanShutdown()
        archive.close()
        let last = try Archive.forTest(at: folder.path)
        #expect(last.usage.wasCleanShutdown)
        #expect(try last.usage.uses() == [.quota(1, used: 2)])
        last.close()
    }

    @Test func `what is long over is left out`() throws {
        let rig = try UsageRig()
        let period = CalendarPeriod.month.index(at: Samples.wall)
        let start = CalendarPeriod.month.start(of: period - 1)
        let before = WallTime(milliseconds: start.milliseconds - 1)
        let kept: Set<TenantUse> = [
            .quota(1, used: 1), .quota(2, used: 2, at: start), .level(4, "pool", 4, daysAgo: 39),
        ]
        let over: [TenantUse] = [
            .quota(3, used: 3, at: before), .level(5, "pool", 5, daysAgo: 41),
            TenantUse(tenant: 6, shape: UsageShape(plan: "none", slots: []), wall: Samples.wall, numbers: []),
        ]
        rig.source.note(kept + over)
        rig.perform(after: 1_000)
        #expect(try rig.uses() == kept)
    }

    @Test func `commits come twice a second, and keep the time of the last one true with nothing to write`() throws {
        let rig = try UsageRig()
        rig.perform(after: 0)
        rig.source.note([.quota(1, used: 1)])
        rig.perform(after: 499)
        #expect(rig.source.count == 1)
        rig.perform(after: 1)
        #expect(rig.source.count == 0)
        #expect(rig.store.lastSaved == rig.now.wall)
        #expect(try rig.uses() == [.quota(1, used: 1)])
        rig.perform(after: 1_000)
        #expect(rig.store.lastSaved == rig.now.wall)
    }

    @Test func `without a source nothing is written but good-bye`() throws {
        let folder = try TemporaryFolder()
        let archive = try Archive.forTest(at: folder.path)
        archive.close()
        #expect(archive.usage.lastSaved == nil)
        let second = try Archive.forTest(at: folder.path)
        #expect(!second.usage.wasCleanShutdown)
        second.usage.markCleanShutdown()
        second.close()
        let third = try Archive.forTest(at: folder.path)
        #expect(third.usage.wasCleanShutdown)
        third.close()
    }

    @Test func `while the file is locked one batch waits, the rest stays with the source, and all is written at last`()
        throws
    {
        let rig = try UsageRig()
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: rig.folder.usagePath, configuration: configuration)
        try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
        rig.source.note([.quota(1, used: 1), .quota(2, used: 1)])
        rig.perform(after: 1_000)
        rig.source.note([.quota(1, used: 2)])
        rig.perform(after: 1_000)
        rig.source.note([.quota(1, used: 3)])
        #expect(rig.source.count == 1)
        #expect(rig.store.writeErrors == 2)
        #expect(rig.store.lastSaved == nil)
        try other.inDatabase { try $0.execute(sql: "COMMIT") }
        rig.perform(after: 1_000)
        #expect(try rig.uses() == [.quota(1, used: 3), .quota(2, used: 1)])
        #expect(rig.notices.codes == [.failing, .recovered])
        #expect(rig.store.lastSaved == rig.now.wall)
    }

    @Test func `a file that is damaged or swapped while it is used is replaced, under the same hash key`() throws {
        let rig = try UsageRig()
        let garbage = Data(repeating: 9, count: 100_000)
        rig.duty.finish(at: rig.now)  // lets go of the file; the next commit opens it again
        try garbage.write(to: URL(fileURLWithPath: rig.folder.usagePath))
        rig.source.note([.quota(1, used: 5)])
        rig.perform(after: 1_000)
        rig.perform(after: 1_000)
        #expect(rig.notices.codes == [.startedFresh, .recovered])
        #expect(try rig.uses() == [.quota(1, used: 5)])
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

    @Test func `a batch that was not written survives a fresh file, which numbers shapes anew`() throws {
        let rig = try UsageRig()
        rig.source.note([.level(9, "pool", 1)])
        rig.perform(after: 1_000)
        rig.duty.finish(at: rig.now)
        try Data(repeating: 9, count: 100_000).write(to: URL(fileURLWithPath: rig.folder.usagePath))
        rig.source.note([.quota(1, used: 5), .level(2, "lane/export", 6)])
        rig.perform(after: 1_000)
        rig.source.note([.level(2, "lane/export", 7)])
        rig.perform(after: 1_000)
        #expect(try rig.uses() == [.quota(1, used: 5), .level(2, "lane/export", 7)])
    }
}
