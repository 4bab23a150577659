/// What one commit changes, computed from one head.
package struct LedgerChanges: Sendable {
    /// The head it was computed from; `nil` for the first of a ledger.
    package var before: StoredHead?
    /// The head it leads to.
    package var after: StoredHead
    /// The new records, in order.
    package var entries: [LedgerEntry] = []
    /// The commands with an id, and what they are told.
    package var receipts: [(id: String, receipt: LedgerReceipt)] = []
    /// The tiles that changed, as they are now.
    package var tiles: [TileCoordinate: [MerkleHash]] = [:]
    /// The size under which the new checkpoint is kept for good; `nil` if it is replaced by the next one.
    package var keptSize: Int64?
    /// What is left of records that are erased.
    package var erased: [(sequence: Int64, commitment: [UInt8])] = []

    /// Begins with a change of the head.
    package init(before: StoredHead?, after: StoredHead) {
        self.before = before
        self.after = after
    }
}
