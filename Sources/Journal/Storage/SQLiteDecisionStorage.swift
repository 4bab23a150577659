package import Vocabulary

/// The journal's file in a data folder.
package struct SQLiteDecisionStorage: DecisionStorage {
    private let file: DatabaseFile
    private let sampling: UInt64

    /// Names the file, and the sampling interval to note in it for readers.
    package init(path: String, sampling: UInt64) {
        file = .journal(at: path)
        self.sampling = sampling
    }

    package func open() throws(StoreFailure) -> any DecisionStore {
        try SQLiteDecisionStore(file: file, sampling: sampling)
    }

    package func moveAside(at wall: WallTime) throws(StoreFailure) -> String? { try file.moveAside(at: wall) }
}
