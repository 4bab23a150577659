internal import Vocabulary

/// All leases: found by name, and by the tick in which they are looked at next.
///
/// A wheel of 82 seconds: a lease stands at the tick in which it ends, or at the last one of the wheel if that is
/// later, and moves on from there when its tick has come. So making, renewing and ending one costs the same however
/// many there are, and what has ended is nowhere any more.
struct LeaseTable {
    private var leases: [Lease] = []
    private var places: [LeaseID: Int32] = [:]
    private var counts: [TenantKey?: Int] = [:]
    private var firsts = [Int32](repeating: -1, count: LeaseTable.tickCount)
    private var firstFree: Int32 = -1
    /// The last tick that was looked at.
    private var looked: Int64

    /// How long a tick is: a lease ends so much later than it says at most.
    static let tick = Nanoseconds.milliseconds(20)
    private static let tickCount = 4_096

    /// No leases.
    init(at now: Nanoseconds) { looked = LeaseTable.tick(of: now) }

    /// How many there are.
    var count: Int { places.count }

    /// How many a tenant has.
    func count(of tenant: TenantKey?) -> Int { counts[tenant] ?? 0 }

    private static func tick(of time: Nanoseconds) -> Int64 { time.count / tick.count }

    /// A lease by its name.
    func find(_ id: LeaseID) -> Lease? { places[id].map { leases[Int($0)] } }

    /// Adds a lease.
    mutating func add(_ lease: Lease) {
        var index = firstFree
        if index < 0 {
            index = Int32(leases.count)
            leases.append(lease)
        } else {
            firstFree = leases[Int(index)].next
            leases[Int(index)] = lease
        }
        places[lease.id] = index
        counts[lease.owner.tenant, default: 0] += 1
        file(index)
    }

    /// Gives a lease its whole time again, or another one.
    mutating func renew(_ id: LeaseID, _ duration: Nanoseconds, at now: Nanoseconds) {
        guard let index = places[id] else { return }
        leases[Int(index)].duration = duration
        leases[Int(index)].deadline = now + duration
        unfile(index)
        file(index)
    }

    /// Takes a lease out.
    mutating func remove(_ id: LeaseID) -> Lease? {
        guard let index = places.removeValue(forKey: id) else { return nil }
        let lease = leases[Int(index)]
        unfile(index)
        leases[Int(index)].next = firstFree
        firstFree = index
        let rest = count(of: lease.owner.tenant) - 1
        counts[lease.owner.tenant] = rest > 0 ? rest : nil
        return lease
    }

    /// Takes out all that have ended by now.
    mutating func expire(at now: Nanoseconds) -> [Lease] {
        var ended: [Lease] = []
        let current = LeaseTable.tick(of: now)
        // After a long pause the whole wheel, once.
        for tick in max(looked, current - Int64(LeaseTable.tickCount) + 1)...max(looked, current) {
            var index = firsts[LeaseTable.slot(tick)]
            while index >= 0 {
                let lease = leases[Int(index)]
                index = lease.next
                if lease.deadline <= now {
                    if let lease = remove(lease.id) { ended.append(lease) }
                } else if lease.tick < current {
                    renewPlace(of: lease.id, after: current)
                }
            }
        }
        looked = max(looked, current)
        return ended
    }

    private mutating func renewPlace(of id: LeaseID, after current: Int64) {
        guard let index = places[id] else { return }
        looked = max(looked, current)
        unfile(index)
        file(index)
    }

    private static func slot(_ tick: Int64) -> Int { Int(tick & Int64(tickCount - 1)) }

    private mutating func file(_ index: Int32) {
        let end = LeaseTable.tick(of: leases[Int(index)].deadline)
        let tick = min(max(end, looked), looked + Int64(LeaseTable.tickCount) - 1)
        let first = firsts[LeaseTable.slot(tick)]
        leases[Int(index)].tick = tick
        leases[Int(index)].previous = -1
        leases[Int(index)].next = first
        if first >= 0 { leases[Int(first)].previous = index }
        firsts[LeaseTable.slot(tick)] = index
    }

    private mutating func unfile(_ index: Int32) {
        let lease = leases[Int(index)]
        if lease.previous >= 0 {
            leases[Int(lease.previous)].next = lease.next
        } else {
            firsts[LeaseTable.slot(lease.tick)] = lease.next
        }
        if lease.next >= 0 { leases[Int(lease.next)].previous = lease.previous }
    }
}
