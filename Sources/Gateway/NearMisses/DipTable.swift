internal import Synchronization

/// Which lanes are in a dip now, that is between coming too close to their boundary and being well away from it again.
///
/// All loops share it without a lock: a lane is a word, found by its hash, in a line of eight words. Two loops that see
/// the same lane go down at once both try the first free word of its line, so one of them finds the other's. A line
/// that is full has no room for more; such near misses are counted and not told apart, which needs some thousand lanes
/// in dips at once.
@safe
final class DipTable: @unchecked Sendable {
    // SAFETY: atomics, initialised in full by the initializer and freed in deinit. Indices come from a masked hash.
    private let words: UnsafeMutablePointer<Atomic<UInt64>>
    private let openCount = Atomic<Int>(0)

    private static let lineCount = 512
    private static let lineWords = 8
    /// A lane that nobody uses comes close to nothing: after so many seconds without one more such request its dip
    /// ends.
    private static let idleSeconds: UInt64 = 60
    /// The low bits of a word are the second in which the lane was last seen low; they come round after 194 days.
    private static let secondMask: UInt64 = 0xff_ffff
    /// The highest bit is set in words in use.
    private static let mark: UInt64 = 1 << 63

    /// Nothing is in a dip.
    init() {
        let count = DipTable.lineCount * DipTable.lineWords
        let memory = UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<UInt64>.stride, alignment: 64)
        unsafe words = memory.bindMemory(to: Atomic<UInt64>.self, capacity: count)
        for index in 0..<count { unsafe (words + index).initialize(to: Atomic(0)) }
    }

    deinit { unsafe words.deallocate() }

    /// Whether any lane is in a dip: what decisions look at before they look for theirs.
    @inline(__always)
    var hasOpen: Bool { openCount.load(ordering: .relaxed) > 0 }

    /// How many lanes are in a dip.
    var openDips: Int { openCount.load(ordering: .relaxed) }

    /// What became of a lane that came too close.
    enum Beginning {
        /// A dip began.
        case began
        /// It was in a dip already.
        case known
        /// There was no room to remember it.
        case full
    }

    /// Notes that a lane is too close to its boundary.
    func begin(_ lane: UInt64, second: Int64) -> Beginning {
        let name = DipTable.name(of: lane)
        let word = name | UInt64(bitPattern: second) & DipTable.secondMask
        let line = DipTable.line(of: lane)
        for _ in 0..<DipTable.lineWords {
            var free = -1
            for index in 0..<DipTable.lineWords {
                let found = load(line, index)
                if found & ~DipTable.secondMask == name {
                    if found != word { refresh(line, index, found, word) }
                    return .known
                }
                if found == 0, free < 0 { free = index }
            }
            guard free >= 0 else { return .full }
            if exchange(line, free, 0, word) {
                openCount.add(1, ordering: .relaxed)
                return .began
            }
        }
        return .full
    }

    /// Notes that a lane is well away from its boundary.
    ///
    /// - Returns: whether it had been in a dip.
    @discardableResult
    func end(_ lane: UInt64) -> Bool {
        let name = DipTable.name(of: lane)
        let line = DipTable.line(of: lane)
        var hasEnded = false
        for index in 0..<DipTable.lineWords {
            let found = load(line, index)
            guard found & ~DipTable.secondMask == name, exchange(line, index, found, 0) else { continue }
            openCount.subtract(1, ordering: .relaxed)
            hasEnded = true
        }
        return hasEnded
    }

    /// Ends the dips of lanes that have not been seen for a while.
    ///
    /// - Complexity: O(1): the table has one size.
    func sweep(second: Int64) {
        guard hasOpen else { return }
        for line in 0..<DipTable.lineCount {
            for index in 0..<DipTable.lineWords {
                let found = load(line, index)
                guard found != 0 else { continue }
                let age = (UInt64(bitPattern: second) &- found) & DipTable.secondMask  // counted round, as the bits are
                guard age > DipTable.idleSeconds, exchange(line, index, found, 0) else { continue }
                openCount.subtract(1, ordering: .relaxed)
            }
        }
    }

    private func refresh(_ line: Int, _ index: Int, _ found: UInt64, _ word: UInt64) {
        // If somebody else was faster, the dip was refreshed or ended just now: both are as well.
        _ = exchange(line, index, found, word)
    }

    private func exchange(_ line: Int, _ index: Int, _ old: UInt64, _ new: UInt64) -> Bool {
        // SAFETY: see `words`.
        unsafe words[line * DipTable.lineWords + index]
            .compareExchange(expected: old, desired: new, ordering: .relaxed).exchanged
    }

    private func load(_ line: Int, _ index: Int) -> UInt64 {
        // SAFETY: see `words`.
        unsafe words[line * DipTable.lineWords + index].load(ordering: .relaxed)
    }

    private static func name(of lane: UInt64) -> UInt64 { lane & ~secondMask | mark }
    private static func line(of lane: UInt64) -> Int { Int(lane & UInt64(lineCount - 1)) }
}
