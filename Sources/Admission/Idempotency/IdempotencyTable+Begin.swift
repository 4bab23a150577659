package import Vocabulary

/// Requests that come with a key.
extension IdempotencyTable {
    /// A request that comes with a key.
    package struct Request: Sendable {
        /// Under what the key is remembered.
        package var name: IdempotencyName
        /// What is asked for.
        package var fingerprint: RequestFingerprint
        /// The decision about this request.
        package var decision: DecisionID
        /// Whether the key is to stand on disk as well.
        package var isKept: Bool
        /// What the caller calls itself, if it can wait for another request's answer.
        package var waiter: UInt64?

        /// States a request.
        package init(
            name: IdempotencyName, fingerprint: RequestFingerprint, decision: DecisionID, isKept: Bool = false,
            waiter: UInt64? = nil
        ) {
            self.name = name
            self.fingerprint = fingerprint
            self.decision = decision
            self.isKept = isKept
            self.waiter = waiter
        }
    }

    /// One run of a request; ended exactly once, by `complete` or `abandon`.
    package struct Ticket: Hashable, Sendable {
        /// Where its entry is.
        let place: Int32
        /// Which run it is.
        let generation: UInt32
    }

    /// What is said about the request that was first.
    package struct First: Hashable, Sendable {
        /// The decision that let it run.
        package var decision: DecisionID
        /// When it began to run, or when that ended.
        package var since: Nanoseconds
        /// What is known of its body.
        package var body: UInt128?
        /// Whether the repeat is one of those that are not charged.
        package var isFree: Bool
    }

    /// What a request with a key finds.
    package enum Beginning: Hashable, Sendable {
        /// It runs. It is not charged if one that was charged has failed before.
        case new(Ticket, isFree: Bool)
        /// The first one is still running.
        case running(First)
        /// The first one is still running, and this one is told its answer.
        case joined(First)
        /// The key stands for another request.
        case mismatch(First)
        /// The first one was answered; `nil` where only charges are remembered.
        case completed(StoredAnswer?, First)
        /// The first one ran when the process before ended.
        case interrupted(First)
        /// There is no room to remember the key: too many run.
        case full
    }

    /// A request comes.
    ///
    /// - Complexity: O(1), expected and amortised.
    package mutating func begin(_ request: Request, at now: Nanoseconds) -> Beginning {
        expire(upTo: 2, at: now)
        if let place = place(of: request.name) {
            if !isExpired(place, at: now) { return again(place, request, at: now) }
            forget(place)
        }
        guard makeRoom(forEntryOf: request.name.tenant) else { return .full }
        let place = insert(request.name, request.fingerprint, isKept: request.isKept)
        entries[Int(place)].decision = request.decision
        entries[Int(place)].since = now
        return .new(ticket(of: place), isFree: false)
    }

    /// A key comes again.
    private mutating func again(_ place: Int32, _ request: Request, at now: Nanoseconds) -> Beginning {
        let entry = entries[Int(place)]
        guard entry.fingerprint.agrees(with: request.fingerprint) else { return .mismatch(first(at: place)) }
        switch entry.state {
        case .running:
            guard settings.joins, let waiter = request.waiter, entry.waiters.count < settings.waitersMax else {
                return .running(first(at: place))
            }
            entries[Int(place)].waiters.append(Waiter(id: waiter, decision: request.decision))
            return .joined(first(at: place))
        case .completed:
            let first = first(at: place)
            entries[Int(place)].repeats += first.isFree ? 1 : 0
            return .completed(entry.answer, first)
        case .interrupted where !settings.rerunsInterrupted: return .interrupted(first(at: place))
        case .interrupted, .abandoned:
            let isFree = first(at: place).isFree
            entries[Int(place)].repeats += isFree ? 1 : 0
            delist(place)
            return .new(run(place, request, at: now), isFree: isFree)
        }
    }

    /// Lets a request that has failed run again.
    private mutating func run(_ place: Int32, _ request: Request, at now: Nanoseconds) -> Ticket {
        entries[Int(place)].state = .running
        entries[Int(place)].since = now
        entries[Int(place)].decision = request.decision
        entries[Int(place)].generation &+= 1  // as in `insert`
        entries[Int(place)].isKept = entries[Int(place)].isKept || request.isKept
        return ticket(of: place)
    }

    /// What is said about the request at a place.
    func first(at place: Int32) -> First {
        let entry = entries[Int(place)]
        return First(
            decision: entry.decision, since: entry.since, body: entry.fingerprint.body,
            isFree: Int(entry.repeats) < settings.freeRepeatsMax)
    }

    /// The request that runs.
    package func request(of ticket: Ticket) -> Request {
        let entry = entries[Int(checked(ticket))]
        return Request(
            name: entry.name, fingerprint: entry.fingerprint, decision: entry.decision, isKept: entry.isKept)
    }

    /// The ticket of the run at a place.
    func ticket(of place: Int32) -> Ticket {
        Ticket(place: place, generation: entries[Int(place)].generation)
    }
}
