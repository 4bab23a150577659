internal import Policy

/// Which classes had work on one loop of late: who may be to blame when a lane that all tenants share runs dry.
struct ClassActivity {
    /// The policy whose classes the bits mean.
    private var policy: Snapshot?
    private var second: Int64 = -1
    private var present: UInt64 = 0
    private var former: UInt64 = 0

    /// Nobody had work.
    init() {}

    /// Marks a class as active; -1 is none.
    @inline(__always)
    mutating func mark(_ trafficClass: Int, second now: Int64, of newest: Snapshot) {
        guard trafficClass >= 0 else { return }
        if now != second || policy !== newest { turn(to: now, of: newest) }
        present |= 1 << UInt64(trafficClass & 63)
    }

    private mutating func turn(to now: Int64, of newest: Snapshot) {
        former = policy === newest && now == second + 1 ? present : 0
        present = 0
        second = now
        policy = newest
    }

    /// The classes that were active in a second or the one before.
    func classes(of policy: Snapshot, second now: Int64) -> UInt64 {
        guard policy === self.policy else { return 0 }
        return now == second ? present | former : now == second + 1 ? present : 0
    }
}
