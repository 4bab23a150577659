internal import Journal

/// A protected lane that a decision brought too close to its boundary, as the decision keeps it: numbers, of which the
/// record makes words.
struct NearMiss: Sendable {
    /// Where the lane is.
    let level: NearMissLevel
    /// What is the lane's own, in cost units or seats.
    let guarantee: Int64
    /// What the lane must not go below, in the same.
    let boundary: Int64
    /// What was left to it; negative where a request needed more than there was.
    let left: Int64
    /// The other classes that were active, one bit per class.
    let others: UInt64
}
