#if canImport(Glibc)
    internal import Glibc
#endif

/// Memory for the state of many tenants: chunks of words, from which runs of words are handed out.
///
/// Growing adds a chunk and moves nothing, so no request pays for a copy of what is there. A run that is given back is
/// used again for the next run of the same length; the lengths are those of the plans, so they are few.
///
/// Once there is a mebibyte of chunks, more are taken from the system a hundred and twenty-eight at a time, in one page
/// of two mebibytes: with a million tenants on small pages, finding a page costs as much as the memory behind it.
@safe
struct Arena: ~Copyable, @unchecked Sendable {
    // SAFETY: the chunks belong to this value alone, which cannot be copied, so whoever has it may send it on. They are
    // freed in deinit; runs are reached only by a checked offset, through the lock of the shard that owns the arena.
    // A chunk is not initialised: whoever takes a run writes its words before reading them.
    private var chunks: [UnsafeMutablePointer<Int64>] = unsafe []
    private var pieces: [UnsafeMutableRawPointer] = unsafe []
    /// The chunk from which runs are handed out.
    private var last = -1
    /// Words of that chunk that were handed out.
    private var usedInLast = Arena.chunkWords
    private var free: [(length: Int, offsets: [UInt32])] = []

    /// Words per chunk, 16 KiB: a hundred tenants of a typical plan.
    ///
    /// Each shard starts with one, so an engine of 64 shards takes a mebibyte before its first tenant comes.
    static let chunkWords = 2_048
    /// The most words an arena can address: 32 GiB.
    static let wordCountMax = 1 << 32
    /// How many chunks are taken from the system one by one.
    private static let singleChunks = 64
    /// The bytes of a large page.
    private static let pageBytes = 2 << 20
    /// Where chunks begin: at a pair of cache lines, which processors fetch together.
    private static let lineBytes = 128

    /// An arena that holds nothing.
    init() {}

    deinit {
        for index in unsafe pieces.indices { unsafe pieces[index].deallocate() }
    }

    /// Hands out a run of words whose content is undefined; `nil` when the arena can address no more.
    ///
    /// - Precondition: `length` is at most a chunk.
    /// - Complexity: O(distinct lengths); allocates once every `chunkWords` words at most.
    mutating func take(length: Int) -> UInt32? {
        precondition(length > 0 && length <= Arena.chunkWords, "a run of \(length) words")
        if let list = free.firstIndex(where: { $0.length == length }), let offset = free[list].offsets.popLast() {
            return offset
        }
        if usedInLast + length > Arena.chunkWords {
            guard (last + 2) * Arena.chunkWords <= Arena.wordCountMax else { return nil }
            last += 1
            usedInLast = 0
            if unsafe last == chunks.count { addChunks() }
        }
        let offset = last * Arena.chunkWords + usedInLast
        usedInLast += length
        return UInt32(offset)
    }

    private mutating func addChunks() {
        let chunkBytes = Arena.chunkWords * MemoryLayout<Int64>.stride
        let isLarge = unsafe chunks.count >= Arena.singleChunks
        let byteCount = isLarge ? Arena.pageBytes : chunkBytes
        let piece = UnsafeMutableRawPointer.allocate(
            byteCount: byteCount, alignment: isLarge ? Arena.pageBytes : Arena.lineBytes)
        #if canImport(Glibc)
            // Advice only: without large pages everything is the same, but slower.
            if isLarge { _ = unsafe madvise(piece, byteCount, MADV_HUGEPAGE) }
        #endif
        unsafe pieces.append(piece)
        for start in stride(from: 0, to: byteCount, by: chunkBytes) {
            unsafe chunks.append((piece + start).bindMemory(to: Int64.self, capacity: Arena.chunkWords))
        }
    }

    /// Takes a run back.
    mutating func give(back offset: UInt32, length: Int) {
        if let list = free.firstIndex(where: { $0.length == length }) {
            free[list].offsets.append(offset)
        } else {
            free.append((length, [offset]))
        }
    }

    /// Bytes held.
    var byteCount: Int {
        let lists = free.reduce(0) { $0 + $1.offsets.capacity * MemoryLayout<UInt32>.stride }
        return unsafe chunks.count * Arena.chunkWords * MemoryLayout<Int64>.stride + lists
    }

    /// Reads one word of a run.
    @inline(__always)  // three times per look-up
    func word(_ offset: UInt32, _ index: Int) -> Int64 {
        withRun(offset, length: index + 1) { $0[index] }
    }

    /// Whether a run begins with two words, those of a key.
    @inline(__always)  // once per look-up
    func begins(_ offset: UInt32, with first: Int64, _ second: Int64) -> Bool {
        withRun(offset, length: 2) { $0[0] == first && $0[1] == second }
    }

    /// Runs the body on a run of words.
    @inline(__always)  // the closure is the body of a decision
    func withRun<Result>(_ offset: UInt32, length: Int, _ body: (inout MutableSpan<Int64>) -> Result) -> Result {
        let chunk = Int(offset) / Arena.chunkWords
        let start = Int(offset) % Arena.chunkWords
        unsafe precondition(
            chunk < chunks.count && start + length <= Arena.chunkWords, "run \(offset), \(length) words")
        // SAFETY: chunk and end were checked; the words were written by whoever took the run; the shard's lock is held.
        var words = unsafe MutableSpan(_unsafeStart: chunks[chunk] + start, count: length)
        return body(&words)
    }
}
