/// Several heaps over the same things, each of which is in one heap at most.
///
/// Four children per entry: half as deep as with two, and the children lie side by side. Keys wrap, and of equal keys
/// the lower order comes first, so an order is total and the same in every run.
struct HeapForest: ~Copyable {
    /// One entry of a heap.
    struct Entry: BitwiseCopyable {
        var key: Int64
        var order: UInt32
        var index: Int32
    }

    /// Where one heap lies and how full it is.
    struct Heap: BitwiseCopyable {
        var base: Int32
        var capacity: Int32
        var count: Int32 = 0
    }

    private let entries: Slab<Entry>
    private let heaps: Slab<Heap>
    /// Where in its heap each thing is; -1: in none.
    private let positions: Slab<Int32>

    /// Empty heaps of fixed capacities, over things that are numbered from 0.
    init(capacities: [Int], indices: Int) {
        entries = Slab(
            repeating: Entry(key: 0, order: 0, index: -1), count: capacities.reduce(0, +))
        heaps = Slab(repeating: Heap(base: 0, capacity: 0), count: capacities.count)
        positions = Slab(repeating: -1, count: indices)
        var base = 0
        for (heap, capacity) in capacities.enumerated() {
            heaps[heap] = Heap(base: Int32(base), capacity: Int32(capacity))
            base += capacity
        }
    }

    /// The first entry.
    @inline(__always)
    func first(of heap: Int) -> Entry? {
        let heap = heaps[heap]
        return heap.count == 0 ? nil : entries[heap.base]
    }

    /// How many entries a heap has.
    func count(of heap: Int) -> Int { Int(heaps[heap].count) }

    /// Whether a thing is in a heap.
    @inline(__always)
    func contains(_ index: Int32) -> Bool { positions[index] >= 0 }

    /// The key of a thing in a heap; `nil`: it is in none.
    func key(of index: Int32, in heap: Int) -> Int64? {
        let position = positions[index]
        return position < 0 ? nil : entries[heaps[heap].base + position].key
    }

    /// Adds a thing, or gives it another key.
    ///
    /// - Precondition: it is in no other heap, and there is room.
    /// - Complexity: O(log n).
    mutating func set(_ entry: Entry, in heap: Int) {
        var position = positions[entry.index]
        if position < 0 {
            position = heaps[heap].count
            precondition(position < heaps[heap].capacity, "heap \(heap) has room for \(position)")
            heaps[heap].count += 1
        }
        settle(entry, at: position, in: heaps[heap])
    }

    /// Takes a thing out.
    ///
    /// - Complexity: O(log n).
    mutating func remove(_ index: Int32, from heap: Int) {
        let position = positions[index]
        guard position >= 0 else { return }
        positions[index] = -1
        heaps[heap].count -= 1
        let shape = heaps[heap]
        guard position < shape.count else { return }
        settle(entries[shape.base + shape.count], at: position, in: shape)
    }

    /// Puts an entry where it belongs, beginning at a position whose own entry is not needed any more.
    private func settle(_ entry: Entry, at start: Int32, in heap: Heap) {
        var position = start
        while position > 0 {
            let parent = (position - 1) >> 2
            guard HeapForest.precedes(entry, entries[heap.base + parent]) else { break }
            put(entries[heap.base + parent], at: position, in: heap)
            position = parent
        }
        if position == start { position = sink(entry, from: start, in: heap) }
        put(entry, at: position, in: heap)
    }

    private func sink(_ entry: Entry, from start: Int32, in heap: Heap) -> Int32 {
        var position = start
        while true {
            let first = position * 4 + 1
            guard first < heap.count else { return position }
            var least = first
            for child in (first + 1)..<max(first + 1, min(first + 4, heap.count))
            where HeapForest.precedes(entries[heap.base + child], entries[heap.base + least]) {
                least = child
            }
            guard HeapForest.precedes(entries[heap.base + least], entry) else { return position }
            put(entries[heap.base + least], at: position, in: heap)
            position = least
        }
    }

    @inline(__always)
    private func put(_ entry: Entry, at position: Int32, in heap: Heap) {
        entries[heap.base + position] = entry
        positions[entry.index] = position
    }

    @inline(__always)
    private static func precedes(_ left: Entry, _ right: Entry) -> Bool {
        let difference = left.key &- right.key
        return difference < 0 || difference == 0 && Int32(bitPattern: left.order &- right.order) < 0
    }

    /// Bytes held.
    var byteCount: Int { entries.byteCount + positions.byteCount }
}
