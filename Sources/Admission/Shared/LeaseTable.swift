internal import Synchronization

/// What each stripe, one for each shard, may spend of region and service without asking for them.
///
/// A lease is a number of cost units for one pair of a region (or none) and a tier. Each of them stands for one cost
/// unit of the region's budget and one of the service's, so taking from both is one atomic step, all or none. How much
/// is lent, and why a lease never makes a budget admit too much, is told in `SharedState+Leases`.
///
/// Belongs to one blueprint: what is lent under an older one is called back when the next is adopted.
@safe
struct LeaseTable: @unchecked Sendable {
    // SAFETY: atomics, initialised in full by the initializer; the owner, a blueprint, frees them when no reference is
    // left. Indices are checked.
    private let words: UnsafeMutablePointer<Atomic<Int64>>
    private let pairs: Int
    private let stripeWords: Int
    private let publishedCount: Int

    /// How many stripes there may be: one bit of a word each.
    static let stripeCount = 64
    /// Words on a pair of cache lines, so that stripes share none.
    private static let lineWords = 16

    /// Nothing is lent.
    ///
    /// - Parameters:
    ///   - pairs: how many pairs of a region, or none, and a tier there are.
    ///   - count: how many words the shared budgets have.
    init(pairs: Int, words count: Int) {
        self.pairs = pairs
        publishedCount = count
        let line = LeaseTable.lineWords
        stripeWords = (pairs * 2 + line - 1) / line * line
        // First when all leases end, alone on its line, then the stripes, then the levels.
        let total = line * 2 + count + LeaseTable.stripeCount * stripeWords
        let memory = UnsafeMutableRawPointer.allocate(byteCount: total * MemoryLayout<Int64>.stride, alignment: 128)
        unsafe words = memory.bindMemory(to: Atomic<Int64>.self, capacity: total)
        for index in 0..<total { unsafe (words + index).initialize(to: Atomic(index == 0 ? .min : 0)) }
    }

    /// Gives the memory back; nothing may use the table afterwards.
    func free() { unsafe words.deallocate() }

    @inline(__always)
    private func entry(stripe: Int, pair: Int) -> UnsafeMutablePointer<Atomic<Int64>> {
        precondition(
            stripe >= 0 && stripe < LeaseTable.stripeCount && pair >= 0 && pair < pairs, "lease \(stripe), \(pair)")
        // SAFETY: both indices were checked.
        return unsafe words + (LeaseTable.lineWords + stripe * stripeWords + pair * 2)
    }

    /// Until when leases may be spent.
    @inline(__always)
    var end: Int64 {
        get { unsafe words.pointee.load(ordering: .acquiring) }
        nonmutating set { unsafe words.pointee.store(newValue, ordering: .releasing) }
    }

    /// Whether a lease holds a cost now.
    @inline(__always)
    func covers(_ cost: Int64, stripe: Int, pair: Int, at now: Int64) -> Bool {
        unsafe entry(stripe: stripe, pair: pair).pointee.load(ordering: .relaxed) >= cost && now <= end
    }

    /// Takes from a lease; the stripe's shard is held, so only a call back can come in between.
    ///
    /// The moment is written before what it belongs to, so whoever sees the one sees the other.
    @inline(__always)
    func spend(_ cost: Int64, stripe: Int, pair: Int, at now: Int64) -> Bool {
        let entry = unsafe entry(stripe: stripe, pair: pair)
        let last = unsafe entry[1].load(ordering: .relaxed)
        if now > last { unsafe entry[1].store(now, ordering: .relaxed) }
        var rest = unsafe entry[0].load(ordering: .relaxed)
        while rest >= cost {
            let (exchanged, found) = unsafe entry[0].compareExchange(
                expected: rest, desired: rest - cost, ordering: .acquiringAndReleasing)
            if exchanged { return true }
            rest = found
        }
        return false
    }

    /// What is left of a lease.
    func rest(stripe: Int, pair: Int) -> Int64 {
        unsafe entry(stripe: stripe, pair: pair)[0].load(ordering: .acquiring)
    }

    /// When a lease was last spent from, read after what is left of it.
    func last(stripe: Int, pair: Int) -> Int64 {
        unsafe entry(stripe: stripe, pair: pair)[1].load(ordering: .relaxed)
    }

    /// Lends more.
    func lend(_ cost: Int64, stripe: Int, pair: Int) {
        _ = unsafe entry(stripe: stripe, pair: pair)[0].add(cost, ordering: .acquiringAndReleasing)
    }

    /// Calls a lease back; what was left of it.
    func callBack(stripe: Int, pair: Int) -> Int64 {
        unsafe entry(stripe: stripe, pair: pair)[0].exchange(0, ordering: .acquiringAndReleasing)
    }

    /// A word of the shared budgets as the last settlement left it.
    @inline(__always)
    func published(_ index: Int) -> Int64 {
        precondition(index >= 0 && index < publishedCount, "word \(index) of \(publishedCount)")
        // SAFETY: the index was checked; the levels stand behind the stripes.
        return unsafe words[publishedBase + index].load(ordering: .relaxed)
    }

    /// Publishes what the shared budgets hold, for readings only.
    func publish(_ levels: [Int64]) {
        precondition(levels.count == publishedCount, "\(levels.count) words, not \(publishedCount)")
        for index in levels.indices { unsafe words[publishedBase + index].store(levels[index], ordering: .relaxed) }
    }

    private var publishedBase: Int { LeaseTable.lineWords + LeaseTable.stripeCount * stripeWords }
}
