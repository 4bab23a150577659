internal import Vocabulary

/// What one tenant has waiting and running in one tier.
struct TenantQueue: BitwiseCopyable {
    /// In which list or heap a queue is.
    enum Place: UInt8 {
        /// In the list of those that may be forgotten: nothing waits, nothing runs.
        case idle
        /// In none: something runs.
        case busy
        /// In its tier's heap: the first that waits may start as far as its tenant is concerned.
        case ready
        /// In its tier's list of those at their cap.
        case resting
    }

    /// The tenant.
    var tenant: TenantKey
    /// Its seat time by weight (`VirtualTime`).
    var tag: Int64 = 0
    /// How long its requests take; 0: unknown.
    var average: Int64 = 0
    /// The seats of what waits.
    var waitingSeats: Int64 = 0
    var seatsInUse: Int32 = 0
    /// How many wait.
    var length: Int32 = 0
    /// The first that waits.
    var head: Int32 = -1
    /// The last that waits.
    var tail: Int32 = -1
    /// Neighbours in the list of idle or resting ones; `next` also in that of unused ones.
    var previous: Int32 = -1
    var next: Int32 = -1
    /// Neighbours in the list of those in its tier that are as long.
    var previousOfLength: Int32 = -1
    var nextOfLength: Int32 = -1
    /// 0 until the first request arrives.
    var weight: UInt16 = 0
    var tier: UInt8 = 0
    var place = Place.idle
}
