package import Vocabulary

/// What one rule remembers of its subjects, in a table that never grows.
///
/// A subject has eight places to be in, chosen by its hash, which strangers cannot choose. When all are taken, the one
/// is forgotten whose memory weighs least, then the one that was seen longest ago: a stranger who comes once displaces
/// other strangers who came once, not somebody who is suspected already.
package struct SubjectTable<Detecting: Detector>: Sendable {
    private let detector: Detecting
    private var cells: [Cell]

    /// One place.
    struct Cell: Sendable {
        /// Whose it is; zero: nobody's.
        var subject: UInt128
        /// When the subject was last seen.
        var seen: Int64
        /// Until when findings are not told again.
        var quietUntil: Int64
        /// What is remembered.
        var memory: Detecting.Memory
    }

    /// Places that one subject may be in: two lines of a cache or three.
    private static var wayCount: Int { 8 }

    /// An empty table with room for so many subjects, a multiple of eight.
    package init(_ detector: Detecting, count: Int) {
        precondition(count > 0 && count % Self.wayCount == 0, "a table of \(count)")
        self.detector = detector
        let nobody = Cell(subject: 0, seen: .min, quietUntil: .min, memory: detector.begin(at: .zero))
        cells = [Cell](repeating: nobody, count: count)
    }

    /// Looks at a request of a subject.
    ///
    /// - Returns: the evidence if the subject is found out, once in `quiet`.
    /// - Complexity: O(1); allocates only for a finding.
    package mutating func note(
        _ sample: Detecting.Sample, of subject: UInt128, at now: Nanoseconds, quiet: Nanoseconds
    ) -> Evidence? {
        let index = place(of: subject, at: now)
        cells[index].seen = now.count
        guard let evidence = detector.note(sample, in: &cells[index].memory, at: now),
            now.count >= cells[index].quietUntil
        else { return nil }
        cells[index].quietUntil = now.count + quiet.count
        return evidence
    }

    /// Forgets a subject, as if it had never been seen.
    package mutating func forget(_ subject: UInt128) {
        for index in ways(of: subject) where cells[index].subject == subject { cells[index].subject = 0 }
    }

    /// How many subjects are remembered.
    ///
    /// - Complexity: O(n).
    package var count: Int { cells.count { $0.subject != 0 } }

    private func ways(of subject: UInt128) -> Range<Int> {
        let sets = cells.count / Self.wayCount
        let first = Int(UInt64(truncatingIfNeeded: subject) % UInt64(sets)) * Self.wayCount
        return first..<first + Self.wayCount
    }

    /// The place of a subject, made free if it has none.
    private mutating func place(of subject: UInt128, at now: Nanoseconds) -> Int {
        let ways = ways(of: subject)
        var victim = ways.lowerBound
        var least = (weight: Int64.max, seen: Int64.max)
        for index in ways {
            if cells[index].subject == subject { return index }
            let weight = cells[index].subject == 0 ? -1 : detector.weight(of: cells[index].memory, at: now)
            if (weight, cells[index].seen) < least {
                least = (weight, cells[index].seen)
                victim = index
            }
        }
        cells[victim] = Cell(subject: subject, seen: now.count, quietUntil: .min, memory: detector.begin(at: now))
        return victim
    }
}
