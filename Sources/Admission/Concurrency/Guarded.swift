#if canImport(Glibc)
    internal import Glibc
#endif
internal import Synchronization

/// States that one thread at a time may touch, each behind a lock of its own.
///
/// Locks are held for some hundred nanoseconds, so a thread that finds one taken looks again before it gives up its
/// core: parking and waking through the kernel costs ten decisions, and hands the lock's cache lines over each time. It
/// waits longer from look to look, so that the holder, whose cache has the lines, gets on with its next decisions in
/// the meantime. Whoever has looked in vain for some microseconds queues, parked, behind a mutex; only the first of the
/// queue goes on looking, and yields its core in between, so a holder that lost its core gets it back.
///
/// Each state begins on a line of its own, its lock word beside it, and ends before the next line: threads that work on
/// different states share no line. The lock word is changed by inlined atomic operations, so the thread sanitizer sees
/// who holds what.
@safe
struct Guarded<State: ~Copyable & Sendable>: ~Copyable, @unchecked Sendable {
    // SAFETY: cells are initialised by the initializer and freed in deinit, when nobody can hold a lock; a state is
    // reached through a checked index, between `lock` and `unlock` of its cell only.
    private let cells: UnsafeMutableRawPointer
    private let stride: Int
    /// How many states there are.
    let count: Int

    private struct Cell: ~Copyable {
        let word: Atomic<UInt32>
        let queue: Mutex<Void>
        var state: State
    }

    /// Two lines of 64 bytes: processors fetch them in pairs.
    private static var alignment: Int { 128 }
    /// How often a thread looks for a free lock before it queues: about fifty microseconds.
    private static var looksMax: Int { 64 }

    /// Guards as many states as the body makes.
    init(count: Int, _ make: (Int) -> State) {
        let alignment = Self.alignment
        self.count = count
        stride = (MemoryLayout<Cell>.size + alignment - 1) / alignment * alignment
        unsafe cells = UnsafeMutableRawPointer.allocate(byteCount: stride * count, alignment: alignment)
        for index in 0..<count {
            unsafe (cells + index * stride).bindMemory(to: Cell.self, capacity: 1).initialize(
                to: Cell(word: Atomic(0), queue: Mutex(()), state: make(index)))
        }
    }

    /// Guards one state.
    init(_ state: consuming State) {
        var state = Optional(state)
        self.init(count: 1) { _ in
            guard let only = state.take() else { preconditionFailure("one state") }
            return only
        }
    }

    deinit {
        for index in 0..<count { unsafe cell(index).deinitialize(count: 1) }
        unsafe cells.deallocate()
    }

    @inline(__always)
    private func cell(_ index: Int) -> UnsafeMutablePointer<Cell> {
        precondition(index >= 0 && index < count, "state \(index) of \(count)")
        // SAFETY: the index was checked; the initializer bound this place to a cell.
        return unsafe (cells + index &* stride).assumingMemoryBound(to: Cell.self)
    }

    /// Runs the body alone with one of the states.
    ///
    /// The body calls nothing that waits, logs or takes another lock out of order.
    @inline(__always)  // the closure is the body of a decision
    func withLock<Result: ~Copyable>(at index: Int = 0, _ body: (inout State) -> Result) -> Result {
        let cell = unsafe cell(index)
        if unsafe !cell.pointee.word.compareExchange(
            expected: 0, desired: 1, successOrdering: .acquiring, failureOrdering: .relaxed
        ).exchanged {
            unsafe Self.wait(for: cell)
        }
        // SAFETY: this thread holds the lock of this cell.
        defer { unsafe cell.pointee.word.store(0, ordering: .releasing) }
        return unsafe body(&cell.pointee.state)
    }

    /// Takes a lock that somebody else holds.
    @inline(never)
    private static func wait(for cell: UnsafeMutablePointer<Cell>) {
        let pause = Atomic<UInt32>(0)
        for look in 0..<looksMax {
            if unsafe tryLock(cell) { return }
            // Not a look at the lock's line: that would take it from the holder, who is working on it.
            for _ in 0..<(16 << min(look, 7)) { _ = pause.load(ordering: .relaxed) }
        }
        unsafe cell.pointee.queue.withLock { _ in
            while unsafe !tryLock(cell) { yieldCore() }
        }
    }

    @inline(__always)
    private static func tryLock(_ cell: UnsafeMutablePointer<Cell>) -> Bool {
        unsafe cell.pointee.word.load(ordering: .relaxed) == 0
            && cell.pointee.word.compareExchange(
                expected: 0, desired: 1, successOrdering: .acquiring, failureOrdering: .relaxed
            ).exchanged
    }

    private static func yieldCore() {
        #if canImport(Glibc)
            sched_yield()
        #endif
    }
}
