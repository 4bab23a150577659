import Vocabulary

@testable import Journal

/// The writing side of the usage store, stepped by hand.
final class UsageRig {
    let folder: TemporaryFolder
    let notices = Notices()
    let store: UsageStore
    let source: UsageSource
    let duty: UsageDuty
    private(set) var now = Moment(monotonic: .seconds(100), wall: Samples.wall)

    convenience init() throws { try self.init(in: TemporaryFolder()) }

    init(in folder: TemporaryFolder) throws {
        self.folder = folder
        let file = DatabaseFile.usage(at: folder.usagePath)
        let key = TenantHashKey(high: 1, low: 2)
        let database = try UsageDatabase(file: file, hashKey: key, required: false, at: Samples.wall)
        store = UsageStore(file: file, found: database.found)
        source = UsageSource(of: store)
        let notices = notices
        duty = UsageDuty(store: store, file: file, database: database, notify: { notices.append($0) })
    }

    deinit { duty.finish(at: now) }

    func perform(after milliseconds: Int64) {
        now.monotonic = now.monotonic + .milliseconds(milliseconds)
        now.wall = WallTime(milliseconds: now.wall.milliseconds + milliseconds)
        duty.perform(at: now)
    }

    func uses() throws -> Set<TenantUse> { Set(try store.uses()) }
}
