package import Vocabulary

/// Where a ledger is kept: what every backend does, and `LedgerStoreContract` in the tests holds each one to.
///
/// A store knows rows, tiles and texts. What may be appended, what is hashed and what is signed is decided above it, by
/// `LedgerAppender`, once for all backends. All calls block; reading is possible from any thread, writing comes from
/// one.
package protocol LedgerStore: TileSource, Sendable {
    /// Where it is, for people.
    var place: String { get }

    /// The newest checkpoint; `nil` for a ledger that was never written.
    func head() throws(LedgerError) -> StoredHead?

    /// The highest version of each stream that there is, of those named.
    func versions(of streams: Set<String>) throws(LedgerError) -> [String: Int64]

    /// What commands were told, of those named.
    func receipts(of commands: Set<String>) throws(LedgerError) -> [String: LedgerReceipt]

    /// What commands were told, in the order of their ids, from behind one on, or behind nothing.
    func commands(after id: String, limit: Int) throws(LedgerError) -> [(id: String, receipt: LedgerReceipt)]

    /// The entries that a query asks for, in its order.
    func entries(_ query: LedgerQuery) throws(LedgerError) -> [LedgerEntry]

    /// When a record was appended; `nil` when there is no such record.
    func time(of sequence: Int64) throws(LedgerError) -> WallTime?

    /// The checkpoints that are kept, oldest first, each as a signed note.
    func checkpoints() throws(LedgerError) -> [String]

    /// Writes all of it or nothing, and returns when it is on the disk.
    ///
    /// - Throws: `otherWriter` when the head is not the one that the changes were made for; `noRoom`, `readOnly`,
    ///   `unavailable`. Nothing is written then, except that after `unavailable` the head has to be read to know.
    func write(_ changes: LedgerChanges) throws(LedgerError)

    /// Does something while nobody else writes, where the backend can keep others out; otherwise just does it.
    ///
    /// For a writer that came too late once: whoever has to read before it writes would lose every race against one
    /// that need not. What `write` has written in it holds when this returns.
    func alone<Value>(_ body: () throws(LedgerError) -> Value) throws(LedgerError) -> Value

    /// Looks whether the ledger still is where it was opened.
    ///
    /// - Throws: `replaced` when it is not.
    func checkPlace() throws(LedgerError)

    /// What is wrong with how records are kept for whoever looks for them, as far as the backend can tell by itself;
    /// `nil` when it finds nothing.
    ///
    /// - Complexity: O(n log n) in records.
    func damage() throws(LedgerError) -> String?

    /// What tells that other processes may have appended.
    func alarm() -> any LedgerAlarm

    /// The projection saved under a name; `nil` when there is none.
    func snapshot(named name: String) throws(LedgerError) -> LedgerSnapshot?

    /// Saves a projection, in place of an older one of that name.
    func save(_ snapshot: LedgerSnapshot) throws(LedgerError)

    /// Lets go of what it holds; no call may follow.
    func close()
}

/// The newest state of a ledger.
package struct StoredHead: Hashable, Sendable {
    /// The newest checkpoint, as a signed note.
    package var note: String
    /// The text of the key with which it is checked.
    package var verifier: String

    /// Describes a head.
    package init(note: String, verifier: String) {
        self.note = note
        self.verifier = verifier
    }
}

/// A state that was computed from all records before a sequence number, so that a start need not read them again.
package struct LedgerSnapshot: Hashable, Sendable {
    /// Which projection it is of, and in which form.
    package var name: String
    /// The first record that is not in it.
    package var sequence: Int64
    /// The state.
    package var bytes: [UInt8]

    /// Describes a snapshot.
    package init(name: String, sequence: Int64, bytes: [UInt8]) {
        self.name = name
        self.sequence = sequence
        self.bytes = bytes
    }
}

extension LedgerStore {
    package func checkPlace() throws(LedgerError) {}

    package func damage() throws(LedgerError) -> String? { nil }

    package func alone<Value>(_ body: () throws(LedgerError) -> Value) throws(LedgerError) -> Value { try body() }

    /// How many records the newest checkpoint covers, as it says itself; 0 for a ledger that was never written.
    package func size() throws(LedgerError) -> Int64 {
        guard let head = try head() else { return 0 }
        return try Checkpoint(noteText: try SignedNote(bytes: Array(head.note.utf8)).text).size
    }

    /// How many records there had been at a moment: those up to the last whose time is not after it.
    ///
    /// Times go back only where a record says that they were set back, since a clock was ahead (`CommitTime`). What
    /// stands before a record of some time was there at that time, whatever its own time says; so the stretches between
    /// such places are looked at from the last one on.
    ///
    /// - Complexity: O(log n) reads for each time that was set back.
    package func size(at moment: WallTime, in size: Int64) throws(LedgerError) -> Int64 {
        var query = LedgerQuery(range: 0..<size, limit: LedgerQuery.setBackCountMax, isNewestFirst: true)
        query.type = CommitTime.setBackType
        var end = size
        for start in try entries(query).map(\.sequence) + [0] {
            let reached = try self.size(at: moment, from: start, to: end)
            if reached > start { return reached }
            end = start
        }
        return 0
    }

    /// The first record of a stretch that is later than a moment; times do not go back in it.
    private func size(at moment: WallTime, from start: Int64, to end: Int64) throws(LedgerError) -> Int64 {
        var range = start..<end
        while !range.isEmpty {
            let middle = range.lowerBound + (range.upperBound - range.lowerBound) / 2
            guard let time = try time(of: middle) else {
                throw LedgerError(.damaged, "record \(middle) is missing; run 'headgate ledger verify'")
            }
            range = time <= moment ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }
}
