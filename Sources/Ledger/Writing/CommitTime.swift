internal import Vocabulary

/// The time of a commit's records: what the clock says, as long as that can be so.
///
/// Times of records do not go back, so that a moment can be looked up and people are not confused. But a clock that was
/// ahead for a while must not keep all later records in the future. So a clock that is a little behind the last record
/// is taken to differ from another process's, and time stands still until it has come up. One that is further behind
/// is believed: the last record was ahead, and a record of its own says that time was set back, from when to when. A
/// clock that shows less than the time of the very first record is wrong itself, such as one that has lost its battery;
/// time stands still then too.
struct CommitTime: Hashable {
    /// The time of the records.
    let time: WallTime
    /// The time of the record before, if time is set back.
    let setBackFrom: WallTime?

    /// How far a clock may be behind the last record without being believed, in milliseconds: clocks that are kept
    /// differ by less, and leap seconds are smoothed over it.
    private static let standstillMax: Int128 = 60_000
    /// The type of the record that says that time was set back.
    static let setBackType = "ledger.clock_set_back"
    /// The stream of such records.
    static let stream = "ledger"
    /// Who writes them.
    static let actor = "system/ledger"

    /// Judges a clock.
    init(clock: WallTime, first: WallTime?, last: WallTime) {
        let behind = Int128(last.milliseconds) - Int128(clock.milliseconds)
        let isSetBack = behind > CommitTime.standstillMax && first.map { $0 <= clock } ?? false
        time = isSetBack ? clock : max(clock, last)
        setBackFrom = isSetBack ? last : nil
    }

    /// What the record says, as JSON.
    var payload: [UInt8]? {
        setBackFrom.map { Array(#"{"from":"\#($0.description)","to":"\#(time.description)"}"#.utf8) }
    }
}
