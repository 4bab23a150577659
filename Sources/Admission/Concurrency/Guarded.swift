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
    // reached through a checked index, between `lock` and `unlock` of its cell only. Lock word, queue and state of a
    // cell are three variables of their own: who changes the state has no access to the word that others look at.
    private let cells: UnsafeMutableRawPointer
    private let stride: Int
    /// How many states there are.
    let count: Int

    /// Two lines of 64 bytes: processors fetch them in pairs.
    private static var alignment: Int { 128 }
    /// Where the mutex of a cell stands, behind its lock word.
    private static var queueOffset: Int { 8 }
    /// Where the state of a cell begins, behind word and mutex.
    private static var stateOffset: Int { 16 }
    /// How often a thread looks for a free lock before it queues: some ten to a hundred microseconds.
    private static var looksMax: Int { 64 }

    /// Guards as many states as the body makes.
    init(count: Int, _ make: (Int) -> State) {
        let alignment = Self.alignment
        self.count = count
        precondition(
            MemoryLayout<Mutex<Void>>.size <= Self.stateOffset - Self.queueOffset
                && MemoryLayout<State>.alignment <= Self.stateOffset, "a state that needs other places")
        stride = (Self.stateOffset + MemoryLayout<State>.size + alignment - 1) / alignment * alignment
        unsafe cells = UnsafeMutableRawPointer.allocate(byteCount: stride * count, alignment: alignment)
        for index in 0..<count {
            let cell = unsafe cells + index * stride
            unsafe cell.bindMemory(to: Atomic<UInt32>.self, capacity: 1).initialize(to: Atomic(0))
            unsafe (cell + Self.queueOffset).bindMemory(to: Mutex<Void>.self, capacity: 1).initialize(to: Mutex(()))
            unsafe (cell + Self.stateOffset).bindMemory(to: State.self, capacity: 1).initialize(to: make(index))
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
        for index in 0..<count {
            let cell = unsafe cells + index * stride
            unsafe Self.word(cell).deinitialize(count: 1)
            unsafe Self.queue(cell).deinitialize(count: 1)
            unsafe Self.state(cell).deinitialize(count: 1)
        }
        unsafe cells.deallocate()
    }

    // SAFETY: the initializer bound these places of a cell.
    @inline(__always)
    private static func word(_ cell: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Atomic<UInt32>> {
        unsafe cell.assumingMemoryBound(to: Atomic<UInt32>.self)
    }

    // SAFETY: as above.
    private static func queue(_ cell: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Mutex<Void>> {
        unsafe (cell + queueOffset).assumingMemoryBound(to: Mutex<Void>.self)
    }

    // SAFETY: as above.
    @inline(__always)
    private static func state(_ cell: UnsafeMutableRawPointer) -> UnsafeMutablePointer<State> {
        unsafe (cell + stateOffset).assumingMemoryBound(to: State.self)
    }

    /// Runs the body alone with one of the states.
    ///
    /// The body calls nothing that waits, logs or takes another lock out of order.
    @inline(__always)  // the closure is the body of a decision
    func withLock<Result: ~Copyable>(at index: Int = 0, _ body: (inout State) -> Result) -> Result {
        precondition(index >= 0 && index < count, "state \(index) of \(count)")
        let cell = unsafe cells + index &* stride  // inside the cells, since the index is
        if unsafe !Self.word(cell).pointee.compareExchange(
            expected: 0, desired: 1, successOrdering: .acquiring, failureOrdering: .relaxed
        ).exchanged {
            unsafe Self.wait(for: cell)
        }
        // SAFETY: this thread holds the lock of this cell.
        defer { unsafe Self.word(cell).pointee.store(0, ordering: .releasing) }
        return unsafe body(&Self.state(cell).pointee)
    }

    /// Takes a lock that somebody else holds.
    @inline(never)
    private static func wait(for cell: UnsafeMutableRawPointer) {
        let pause = Atomic<UInt32>(0)
        for look in 0..<looksMax {
            if unsafe tryLock(cell) { return }
            // Not a look at the lock's line: that would take it from the holder, who is working on it.
            for _ in 0..<(64 << min(look, 6)) { _ = pause.load(ordering: .relaxed) }
        }
        unsafe queue(cell).pointee.withLock { _ in
            while unsafe !tryLock(cell) { yieldCore() }
        }
    }

    @inline(__always)
    private static func tryLock(_ cell: UnsafeMutableRawPointer) -> Bool {
        unsafe word(cell).pointee.load(ordering: .relaxed) == 0
            && word(cell).pointee.compareExchange(
                expected: 0, desired: 1, successOrdering: .acquiring, failureOrdering: .relaxed
            ).exchanged
    }

    private static func yieldCore() {
        #if canImport(Glibc)
            sched_yield()
        #endif
    }
}
