package import Vocabulary

/// The end of what runs.
extension IdempotencyTable {
    /// What the end of a run leads to.
    package enum Ending: Hashable, Sendable {
        /// The key stands for this answer now, and these have waited for it.
        case answered(StoredAnswer?, [UInt64])
        /// The next one in line runs.
        case handedOn(Ticket, to: UInt64)
        /// Nothing is remembered; these have waited in vain, and are as if they came now.
        case released([UInt64])
        /// Nobody has waited.
        case ended
    }

    /// A run ends with an answer that is to be kept.
    ///
    /// Where the body is too large, or there is no room for it, the answer is kept without: the key then still stands
    /// for a request that was carried out, and nothing is done twice.
    ///
    /// - Parameters:
    ///   - ticket: the run.
    ///   - answer: the answer; `nil` where only charges are remembered.
    ///   - body: the hash of the request's body, where it was not known before.
    ///   - now: the time.
    /// - Returns: `answered`, with the answer as it is kept.
    /// - Complexity: O(1), amortised over the entries that are evicted.
    package mutating func complete(
        _ ticket: Ticket, with answer: StoredAnswer?, body: UInt128? = nil, at now: Nanoseconds
    ) -> Ending {
        let place = checked(ticket)
        let kept = answer.map { fitting($0, at: place) }
        entries[Int(place)].answer = kept
        entries[Int(place)].fingerprint.body = body ?? entries[Int(place)].fingerprint.body
        addBytes(kept?.byteCount ?? 0, to: place)
        let waiters = takeWaiters(at: place)
        finish(place, as: .completed, at: now)
        return .answered(kept, waiters)
    }

    /// A run ends without an answer that is kept.
    ///
    /// One that was charged may run again and is not charged again; so the next that waits runs at once. One that was
    /// not is forgotten, as if it had never come: its refusal must not make the next attempt free.
    package mutating func abandon(_ ticket: Ticket, wasCharged: Bool, at now: Nanoseconds) -> Ending {
        let place = checked(ticket)
        guard wasCharged else {
            let waiters = takeWaiters(at: place)
            remove(place)
            return waiters.isEmpty ? .ended : .released(waiters)
        }
        guard let next = entries[Int(place)].waiters.first else {
            finish(place, as: .abandoned, at: now)
            return .ended
        }
        entries[Int(place)].waiters.removeFirst()
        entries[Int(place)].decision = next.decision
        entries[Int(place)].since = now
        entries[Int(place)].generation &+= 1  // as in `insert`
        return .handedOn(self.ticket(of: place), to: next.id)
    }

    /// Somebody waits no longer.
    ///
    /// - Complexity: O(waiters of the key).
    package mutating func cancel(_ waiter: UInt64, of name: IdempotencyName) {
        guard let place = place(of: name) else { return }
        entries[Int(place)].waiters.removeAll { $0.id == waiter }
    }

    /// Remembers what a start finds on disk; call it in the order of `since`, before any request.
    ///
    /// - Parameters:
    ///   - request: the name, the fingerprint and the decision of the request.
    ///   - answer: its answer; `nil`: it ran when the process before ended.
    ///   - since: when it was answered, or began to run; may lie before the origin of the clock.
    ///   - now: the time.
    /// - Returns: `false` if its window is over, or there is no room: it is to go from the disk too.
    package mutating func restore(
        _ request: Request, answer: StoredAnswer?, since: Nanoseconds, at now: Nanoseconds
    ) -> Bool {
        guard now - since < settings.window, place(of: request.name) == nil,
            makeRoom(forEntryOf: request.name.tenant)
        else { return false }
        let place = insert(request.name, request.fingerprint, isKept: true)
        entries[Int(place)].decision = request.decision
        if let answer {
            let kept = fitting(answer, at: place)
            entries[Int(place)].answer = kept
            addBytes(kept.byteCount, to: place)
        }
        finish(place, as: answer == nil ? .interrupted : .completed, at: since)
        return true
    }

    private mutating func finish(_ place: Int32, as state: State, at since: Nanoseconds) {
        entries[Int(place)].state = state
        entries[Int(place)].since = since
        enlist(place)
    }

    /// An answer, without what there is no room for.
    private mutating func fitting(_ answer: StoredAnswer, at place: Int32) -> StoredAnswer {
        var kept = answer
        if let body = kept.body, body.count > settings.bodyBytesMax { kept.body = nil }
        if makeRoom(for: kept.byteCount, at: place) { return kept }
        kept.body = nil
        if makeRoom(for: kept.byteCount, at: place) { return kept }
        kept.fields = []
        return kept
    }

    private mutating func takeWaiters(at place: Int32) -> [UInt64] {
        let waiters = entries[Int(place)].waiters
        guard !waiters.isEmpty else { return [] }
        entries[Int(place)].waiters = []
        return waiters.map(\.id)
    }

    /// The place of a run that goes on.
    func checked(_ ticket: Ticket) -> Int32 {
        let entry = entries[Int(ticket.place)]
        precondition(
            entry.generation == ticket.generation && entry.state == .running,
            "run \(ticket.generation) at \(ticket.place) ends once (\(entry.generation), \(entry.state))")
        return ticket.place
    }
}
