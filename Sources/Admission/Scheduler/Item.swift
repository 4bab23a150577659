/// A request that waits or runs.
struct Item: BitwiseCopyable {
    /// What has become of it.
    enum State: UInt8 {
        case free, waiting, running
    }

    /// The number by which the caller knows it.
    var caller: UInt64 = 0
    /// Since when it waits or runs.
    var since: Int64 = 0
    /// What its queue was charged when it started.
    var charge: Int64 = 0
    /// How many came before it.
    var order: UInt32 = 0
    /// How many had this slot before it.
    var generation: UInt32 = 0
    /// Its tenant's queue.
    var queue: Int32 = -1
    /// The next in its queue, or the next free slot; -1: none.
    var next: Int32 = -1
    /// The one before it in its queue.
    var previous: Int32 = -1
    /// The seats that it wants or holds.
    var seats: UInt16 = 0
    var state = State.free
    /// Whether the caller was told to hold it.
    var isQueued = false
}
