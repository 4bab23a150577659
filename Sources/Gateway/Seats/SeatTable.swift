internal import Admission
internal import Vocabulary

/// What the gate knows of each request that holds seats or waits for them; the scheduler knows them by their index.
///
/// Has as many entries as there ever were at once, so it stops allocating soon. What was told to nobody yet keeps its
/// entry, though the scheduler has forgotten it.
struct SeatTable {
    /// What has become of a request.
    enum State {
        case free
        /// It waits.
        case waiting
        /// It runs, and its waiter is yet to hear of it.
        case granted(waited: Nanoseconds)
        /// It runs.
        case running
        /// It was refused, and its waiter is yet to hear of it.
        case refused(Reason, retryAfter: Nanoseconds, waited: Nanoseconds)
    }

    /// One request.
    struct Entry {
        var state = State.free
        /// What the scheduler calls it, from when it was let in.
        var ticket: Ticket?
        /// Who is told; `nil`: nobody is to be told anything.
        var waiter: (any SeatWaiter)?
        /// Since when it waits.
        var since = Nanoseconds.zero
        var generation: UInt32 = 0
        var nextFree: Int32 = -1
        var seats: UInt16 = 0
        /// Its tier, an index into those of the gate's policy.
        var tier: Int16 = 0
    }

    private var entries: [Entry] = []
    private var firstFree: Int32 = -1
    /// How many entries are in use.
    private(set) var count = 0

    /// One entry.
    subscript(index: Int32) -> Entry {
        get { entries[Int(index)] }
        _modify { yield &entries[Int(index)] }
    }

    /// An entry for a request that has just come.
    mutating func take(tier: Int, at now: Nanoseconds) -> Int32 {
        count += 1
        var index = firstFree
        if index < 0 {
            index = Int32(entries.count)
            entries.append(Entry())
        } else {
            firstFree = entries[Int(index)].nextFree
        }
        entries[Int(index)].state = .waiting
        entries[Int(index)].since = now
        entries[Int(index)].tier = Int16(tier)
        return index
    }

    /// Ends an entry: holds that name it find nothing.
    mutating func free(_ index: Int32) {
        count -= 1
        entries[Int(index)] = Entry(generation: entries[Int(index)].generation &+ 1, nextFree: firstFree)
        firstFree = index
    }

    /// Gives what is there other tiers.
    mutating func move(toTiers successors: [Int]) {
        for index in entries.indices where Int(entries[index].tier) < successors.count {
            entries[index].tier = Int16(successors[Int(entries[index].tier)])
        }
    }

    /// What the outside calls an entry.
    func hold(_ index: Int32) -> SeatHold {
        let entry = entries[Int(index)]
        return SeatHold(index: index, generation: entry.generation, seats: entry.seats)
    }

    /// The entry that a hold names; `nil`: it has ended.
    func find(_ hold: SeatHold) -> Int32? {
        guard entries.indices.contains(Int(hold.index)), entries[Int(hold.index)].generation == hold.generation
        else { return nil }
        return hold.index
    }
}
