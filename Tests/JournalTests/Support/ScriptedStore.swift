import Vocabulary

@testable import Journal

/// A store that keeps batches in memory and fails as told: one entry of the script per attempt to write.
final class ScriptedStore: DecisionStore, DecisionStorage {
    /// What the next attempts to write run into; `nil` works.
    var script: [StoreFailure.Kind?] = []
    /// Whether every attempt to write fails.
    var isStalled = false
    private(set) var batches: [JournalBatch] = []
    private(set) var attempts = 0
    private(set) var opened = 0
    private(set) var closed = 0
    private(set) var movedAside = 0

    var records: [DecisionRecord] { batches.flatMap(\.records) }

    func open() throws(StoreFailure) -> any DecisionStore {
        opened += 1
        return self
    }

    func moveAside(at wall: WallTime) throws(StoreFailure) -> String? {
        movedAside += 1
        return "aside-\(movedAside)"
    }

    func write(_ batch: JournalBatch) throws(StoreFailure) {
        attempts += 1
        if isStalled { throw StoreFailure(.passing, "the disk is full") }
        if !script.isEmpty, let kind = script.removeFirst() { throw StoreFailure(kind, "as scripted") }
        batches.append(batch)
    }

    func prune(to retention: JournalRetention, at wall: WallTime) throws(StoreFailure) -> PruneReport { PruneReport() }

    func close() { closed += 1 }
}
