internal import Directory

/// Which owners of principals the latest records are about.
struct OwnerChanges: Sendable {
    private var owners: [(sequence: Int64, owner: Principal.Owner)] = []
    /// The first record from which on all are here.
    private var first: Int64 = 0

    /// How many are kept at least; where more have changed since, everything is read.
    private static let countMin = 16_384

    /// Begins where a registry goes on that was saved.
    init(from sequence: Int64 = 0) { first = sequence }

    /// Notes whom a record is about; records come in their order.
    mutating func note(_ owner: Principal.Owner, at sequence: Int64) {
        owners.append((sequence, owner))
        guard owners.count >= OwnerChanges.countMin * 2 else { return }
        owners.removeFirst(OwnerChanges.countMin)
        first = owners[0].sequence
    }

    /// The owners that records from a place on are about; `nil` if not all of those are here any more.
    func owners(since sequence: Int64) -> Set<Principal.Owner>? {
        guard first <= sequence else { return nil }
        let start = owners.partitioningIndex { $0.sequence >= sequence }
        return Set(owners[start...].map(\.owner))
    }
}

extension Array {
    /// The first index from which on a condition holds, in an array that begins with what does not fulfil it.
    fileprivate func partitioningIndex(_ holds: (Element) -> Bool) -> Int {
        var range = startIndex..<endIndex
        while !range.isEmpty {
            let middle = (range.lowerBound + range.upperBound) / 2
            range = holds(self[middle]) ? range.lowerBound..<middle : middle + 1..<range.upperBound
        }
        return range.lowerBound
    }
}
