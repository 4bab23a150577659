/// Comparing so that the time it takes says nothing about where two things differ.
enum ConstantTime {
    /// Whether two runs of bytes are the same; only their lengths show in the time.
    ///
    /// - Complexity: O(n), always all of it.
    static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
