internal import Vocabulary

/// The tenants' queues: a fixed number of them, found by tenant and tier.
///
/// Those in which nothing waits or runs are kept for what they remember until their place is needed; who has been idle
/// longest goes first.
struct QueueTable: ~Copyable {
    private let queues: Slab<TenantQueue>
    private let slots: Slots
    private var firstUnused: Int32 = -1
    /// The idle ones, longest idle first.
    private var idle = QueueList()

    /// Room for so many.
    init(count: Int) {
        queues = Slab(repeating: TenantQueue(tenant: TenantKey(bits: 0)), count: count)
        var capacity = 16
        while capacity * 3 < count * 4 { capacity *= 2 }
        slots = Slots(capacity: capacity)
        for index in stride(from: count - 1, through: 0, by: -1) {
            queues[index].next = firstUnused
            firstUnused = Int32(index)
        }
    }

    /// A queue.
    @inline(__always)
    subscript(index: Int32) -> TenantQueue {
        get { queues[index] }
        nonmutating _modify { yield &queues[index] }
    }

    /// The queue of a tenant in a tier, made if there is none; `nil`: all have something waiting or running.
    ///
    /// - Complexity: O(1) expected.
    mutating func queue(of tenant: TenantKey, tier: Int) -> Int32? {
        let tag = QueueTable.tag(of: tenant, tier: tier)
        if let slot = find(tag, tenant, tier) { return Int32(Slots.offset(of: slots[slot])) }
        guard let index = unused() else { return nil }
        queues[index] = TenantQueue(tenant: tenant, tier: UInt8(tier))
        slots.place(Slots.word(tag: tag, offset: UInt32(index)))
        idle.append(index, in: queues)
        return index
    }

    /// How many requests of a tenant wait in a tier.
    ///
    /// - Complexity: O(1) expected.
    func length(of tenant: TenantKey, tier: Int) -> Int32 {
        guard let slot = find(QueueTable.tag(of: tenant, tier: tier), tenant, tier) else { return 0 }
        return queues[Int32(Slots.offset(of: slots[slot]))].length
    }

    private mutating func unused() -> Int32? {
        if firstUnused >= 0 {
            defer { firstUnused = queues[firstUnused].next }
            return firstUnused
        }
        let longest = idle.first
        guard longest >= 0 else { return nil }
        idle.remove(longest, in: queues)
        let queue = queues[longest]
        let tier = Int(queue.tier)
        if let slot = find(QueueTable.tag(of: queue.tenant, tier: tier), queue.tenant, tier) {
            slots.remove(at: slot)
        }
        return longest
    }

    @inline(__always)
    private func find(_ tag: UInt32, _ tenant: TenantKey, _ tier: Int) -> Int? {
        var slot = slots.home(of: tag)
        while true {
            let word = slots[slot]
            if Slots.tag(of: word) == tag {
                let index = Int32(Slots.offset(of: word))
                if queues[index].tenant == tenant, Int(queues[index].tier) == tier { return slot & slots.mask }
            }
            if word == 0 { return nil }
            slot &+= 1  // counted round by the mask
        }
    }

    /// Half of the hash, turned by tier; odd, so no entry looks empty.
    @inline(__always)
    private static func tag(of tenant: TenantKey, tier: Int) -> UInt32 {
        (UInt32(truncatingIfNeeded: tenant.bits >> 96) &+ UInt32(tier) &* 0x9E37_79B9) | 1
    }

    /// Puts a queue among those that may be forgotten, as the last to be.
    mutating func rest(_ index: Int32) { idle.append(index, in: queues) }

    /// Takes a queue from those that may be forgotten.
    mutating func wake(_ index: Int32) { idle.remove(index, in: queues) }

    /// How many there is room for.
    var count: Int { queues.count }

    /// The queue that has been idle longest, or that comes after one in that order; -1: none.
    func idle(after index: Int32? = nil) -> Int32 { index.map { queues[$0].next } ?? idle.first }

    /// Adds a queue to a list.
    func append(_ index: Int32, to list: inout QueueList) { list.append(index, in: queues) }

    /// Takes a queue from a list.
    func remove(_ index: Int32, from list: inout QueueList) { list.remove(index, in: queues) }

    /// Bytes held.
    var byteCount: Int { queues.byteCount + slots.capacity * MemoryLayout<UInt64>.stride }
}

/// A list of queues through their own links.
struct QueueList: BitwiseCopyable {
    private(set) var first: Int32 = -1
    private var last: Int32 = -1

    /// Adds a queue at the end.
    fileprivate mutating func append(_ index: Int32, in queues: borrowing Slab<TenantQueue>) {
        queues[index].previous = last
        queues[index].next = -1
        if last >= 0 { queues[last].next = index } else { first = index }
        last = index
    }

    /// Takes a queue out.
    fileprivate mutating func remove(_ index: Int32, in queues: borrowing Slab<TenantQueue>) {
        let (previous, next) = (queues[index].previous, queues[index].next)
        if previous >= 0 { queues[previous].next = next } else { first = next }
        if next >= 0 { queues[next].previous = previous } else { last = previous }
    }
}
