import Testing
import Vocabulary

@testable import Journal

/// The journal's real file in a folder of its own, written by hand.
final class StoreRig {
    let folder: TemporaryFolder
    let storage: SQLiteDecisionStorage
    let store: any DecisionStore

    init(sampling: UInt64 = 1) throws {
        folder = try TemporaryFolder()
        storage = SQLiteDecisionStorage(path: folder.journalPath, sampling: sampling)
        store = try storage.open()
    }

    deinit { store.close() }

    func write(_ records: [DecisionRecord], isCounted: Bool = true) throws {
        var batch = JournalBatch()
        batch.records = records
        for record in records where isCounted {
            batch.tallies[TallyKey(record.heading), default: TallyCount()].add(isDropped: false, isNew: true)
        }
        try store.write(batch)
    }

    func reader() throws -> JournalReader { try JournalReader(folder: folder.path) }
}
