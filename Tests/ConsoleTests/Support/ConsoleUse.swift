import Journal
import Synchronization
import Vocabulary

@testable import Console

/// A record of use in a folder, written by its own thread, and quotas that stand still.
final class ConsoleUse: Sendable {
    /// What the API reads.
    let book: UsageBook
    private let archive: Archive
    private let waiting = Waiting()

    private final class Waiting: Sendable {
        let batch = Mutex(ConsumptionBatch())
        /// How often something was written.
        let count = Atomic<Int64>(0)
    }

    private struct Quotas: QuotaReader {
        func quotas(of tenant: String) -> QuotaStanding? {
            guard let zone = CalendarZone(named: "Europe/Berlin"), tenant == "acme" else { return nil }
            return QuotaStanding(
                zone: zone,
                quotas: [
                    .init(
                        unit: .requests, period: .month, amount: 100, used: 80,
                        resets: WallTime(milliseconds: 1_796_079_600_000))
                ])
        }
    }

    init(folder: String, clock: ConsoleClock) throws {
        let beginning = ContinuousClock.now
        archive = try Archive(path: folder, settings: JournalSettings()) {
            Moment(
                monotonic: Nanoseconds(Int64((ContinuousClock.now - beginning) / .nanoseconds(1))), wall: clock.now)
        } notify: { _ in
        }
        book = UsageBook(store: archive.consumption, quotas: Quotas())
        let waiting = waiting
        archive.consumption.attach(
            .init {
                waiting.batch.withLock { batch in
                    defer { batch = ConsumptionBatch() }
                    return batch
                }
            } waitingCount: {
                // As if it were much: written with the thread's next turn.
                waiting.batch.withLock { $0.isEmpty ? 0 : Int.max }
            })
    }

    /// Has something written, and waits until it is.
    func write(_ change: (inout ConsumptionBatch) -> Void) async throws {
        let row = ConsumptionKey(
            tenant: "~", day: ConsoleUse.distantDay, principal: "", trafficClass: "", operation: "")
        let count = waiting.count.add(1, ordering: .relaxed).newValue
        waiting.batch.withLock { batch in
            change(&batch)
            batch.add(ConsumptionCount(admitted: 1), to: row)
        }
        var query = ConsumptionQuery(days: ConsoleUse.distantDay...ConsoleUse.distantDay, limit: 1)
        query.tenant = "~"
        while try book.store.rows(query).first?.count.admitted != count { await Task.yield() }
    }

    /// A day that no test asks for, and that is not so old that it is removed.
    private static let distantDay: Int32 = 21_000

    /// Lets go of the folder.
    func end() { archive.close() }
}
