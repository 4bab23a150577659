import Synchronization
import Vocabulary

@testable import Journal

/// The writing side of the record of use, stepped by hand.
final class ConsumptionRig {
    let folder: TemporaryFolder
    let store: ConsumptionStore
    let duty: ConsumptionDuty
    let notices = Notices()
    private(set) var now = Moment(monotonic: .seconds(100), wall: Samples.wall)
    private let used = Used()

    /// What was used and not taken yet.
    private final class Used: Sendable {
        let batch = Mutex(ConsumptionBatch())
    }

    init(in folder: TemporaryFolder, daysMax: Int32 = 400) throws {
        self.folder = folder
        let file = DatabaseFile.consumption(at: folder.path + "/consumption.sqlite")
        let database = try ConsumptionDatabase(file: file)
        store = ConsumptionStore(
            file: file, warned: try database.warnings(since: WallTime(milliseconds: 0)))
        let notices = notices
        duty = ConsumptionDuty(store: store, file: file, database: database, notify: { notices.append($0) })
        let used = used
        store.attach(
            .init {
                used.batch.withLock { batch in
                    defer { batch = ConsumptionBatch() }
                    return batch
                }
            } waitingCount: {
                used.batch.withLock { $0.rows.count }
            }, daysMax: daysMax)
    }

    deinit { duty.finish(at: now) }

    /// The day of the beginning.
    static let day = CalendarPeriod.day.index(at: Samples.wall)

    func use(
        _ tenant: String, _ operation: String = "read", day: Int32 = ConsumptionRig.day, principal: String = "web",
        count: ConsumptionCount = ConsumptionCount(admitted: 1, cost: 2)
    ) {
        let key = ConsumptionKey(
            tenant: tenant, day: day, principal: principal, trafficClass: "interactive", operation: operation)
        used.batch.withLock { $0.add(count, to: key) }
    }

    func use(key id: String, minute: Int32) { used.batch.withLock { $0.note(key: id, usedIn: minute) } }

    func perform(after milliseconds: Int64 = 1_000) {
        now.monotonic = now.monotonic + .milliseconds(milliseconds)
        now.wall = WallTime(milliseconds: now.wall.milliseconds + milliseconds)
        repeat { duty.perform(at: now) } while duty.isBehind
    }

    /// All rows, each of its own.
    func rows(
        _ change: (inout ConsumptionQuery) -> Void = { _ in }, where isWanted: (String) -> Bool = { _ in true }
    ) throws -> [ConsumptionRow] {
        var query = ConsumptionQuery(days: 0...Int32.max, limit: 100_000)
        query.period = .day
        query.parts = Set(ConsumptionQuery.Part.allCases)
        change(&query)
        return try store.rows(query, where: isWanted)
    }
}
