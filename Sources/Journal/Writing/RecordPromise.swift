/// Whatever a record can be made of later, on the writing thread.
///
/// A record is names and sentences, and making one takes longer than the decision it tells of; whoever decides hands
/// over what it knows instead, and answers meanwhile.
package protocol RecordPromise: Sendable {
    /// Makes the record; called once, on the writing thread, soon: what a promise holds is held no longer than a turn.
    func makeRecord() -> DecisionRecord
}

/// A record that is there already.
extension DecisionRecord: RecordPromise {
    package func makeRecord() -> DecisionRecord { self }
}
