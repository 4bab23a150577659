internal import Admission
package import Journal
package import Policy
internal import Synchronization
package import Vocabulary

/// What the data plane remembers of idempotency keys: one table for all event loops, and the disk behind it.
///
/// ```swift
/// // A request that goes through Headgate: `call.keyUse = .answer(field: value)`, then
/// let decision = decider.decide(call, …)
/// switch decision.repetition?.course {
/// case .run(let run):                 // admitted: the first of its key
///     run.whenBegun(on: loop) { … }   // send it to the API, hash its body with `store.bodyHash()`
///     run.complete(answer, body: hash, on: loop) { … }  // send the answer; or run.abandon()
/// case .answer(let answer, let body): // outcome `replay`: read the body, compare the hashes, give the answer
/// case .wait(let wait):               // outcome `replay`: wait.whenEnded(on: loop) { … }, do not read the body
/// case .nothing, nil:             // no key counts, or the decision is a refusal with all that is to be said
/// }
/// ```
package final class IdempotencyStore: Sendable {
    /// The secret hash behind names and fingerprints.
    let hash: KeyedHash
    private let archive: AnswerArchive?
    private let state: Mutex<State>
    private let clock = Mutex(Clock())

    fileprivate struct State {
        var table: IdempotencyTable
        var treatment: RepeatTreatment
        var waits: [UInt64: IdempotentWait] = [:]
        var nextWait: UInt64 = 0
    }

    /// What is remembered now.
    package struct Statistics: Sendable {
        /// Keys.
        package let keys: Int
        /// Bytes that they take with their answers.
        package let bytes: Int
    }

    /// Remembers nothing yet.
    ///
    /// - Parameters:
    ///   - treatment: what the policy says.
    ///   - hash: the secret hash; that of the archive, if there is one.
    ///   - archive: what survives the process; `nil`: nothing does.
    package init(treatment: RepeatTreatment, hash: KeyedHash, archive: AnswerArchive? = nil) {
        self.hash = hash
        self.archive = archive
        state = Mutex(State(table: IdempotencyTable(settings: IdempotencySettings(treatment)), treatment: treatment))
    }

    /// Whether anything survives the process.
    var isDurable: Bool { archive != nil }

    /// What is remembered now.
    package var statistics: Statistics {
        state.withLock { Statistics(keys: $0.table.count, bytes: $0.table.byteCount) }
    }

    /// Bytes that the body of an answer may have to be stored; whoever collects one stops beyond that.
    package var bodyBytesMax: Int { state.withLock { $0.table.settings.bodyBytesMax } }

    /// Begins the hash of a request's body, which is fed piece by piece.
    package func bodyHash() -> KeyedHash.Stream { hash.stream() }

    /// Takes over what another policy says; keys stay.
    func apply(_ treatment: RepeatTreatment) {
        state.withLock { state in
            guard state.treatment != treatment else { return }
            state.treatment = treatment
            state.table.settings = IdempotencySettings(treatment)
        }
    }

    /// Whether the policy stores answers with a status.
    func stores(status: Int) -> Bool { state.withLock { $0.treatment.stores(status: status) } }

    /// Forgets keys whose window is over, so many at most.
    package func expire(upTo limit: Int, at now: Nanoseconds) {
        let forgotten = state.withLock { state in
            state.table.expire(upTo: limit, at: now)
            return state.table.takeForgotten()
        }
        archive?.remove(forgotten)
    }

    /// Puts back what the process before has left on disk, before the first request.
    ///
    /// - Returns: how many answers there are, and how many requests were interrupted.
    package func restore(at moment: Moment) throws(JournalError) -> (answers: Int, interrupted: Int) {
        guard let archive else { return (0, 0) }
        var counts = (answers: 0, interrupted: 0)
        try archive.load { record in
            let age = max(0, moment.wall.milliseconds - record.since.milliseconds)
            let (milliseconds, overflow) = age.multipliedReportingOverflow(by: 1_000_000)
            let since = Nanoseconds(moment.monotonic.count - (overflow ? Int64.max / 2 : milliseconds))
            let request = IdempotencyTable.Request(
                name: record.name, fingerprint: record.fingerprint, decision: record.decision, isKept: true)
            let isRestored = state.withLock {
                $0.table.restore(request, answer: record.answer, since: since, at: moment.monotonic)
            }
            guard isRestored else { return archive.remove([record.name]) }
            if record.answer == nil { counts.interrupted += 1 } else { counts.answers += 1 }
        }
        archive.remove(state.withLock { $0.table.takeForgotten() })
        return counts
    }
}

/// Requests that come and end.
extension IdempotencyStore {
    /// A request comes with a key.
    ///
    /// - Returns: what it finds, and where it may wait if it has joined.
    func begin(
        _ request: IdempotencyTable.Request, at now: Nanoseconds, mayWait: Bool
    ) -> (beginning: IdempotencyTable.Beginning, wait: IdempotentWait?) {
        var request = request
        let (beginning, wait, forgotten) = state.withLock { state in
            if mayWait, state.table.settings.joins {
                state.nextWait += 1
                request.waiter = state.nextWait
            }
            let beginning = state.table.begin(request, at: now)
            var wait: IdempotentWait?
            if case .joined = beginning, let id = request.waiter {
                wait = IdempotentWait(id: id, of: request.name, store: self)
                state.waits[id] = wait
            }
            return (beginning, wait, state.table.takeForgotten())
        }
        archive?.remove(forgotten)
        return (beginning, wait)
    }

    /// A charge was made: repeats are free from now on.
    func settle(_ ticket: IdempotencyTable.Ticket, at now: Nanoseconds) {
        let forgotten = state.withLock { state in
            _ = state.table.complete(ticket, with: nil, at: now)
            return state.table.takeForgotten()
        }
        archive?.remove(forgotten)
    }

    /// A charge was not made: as if the request had never come.
    func release(_ ticket: IdempotencyTable.Ticket, at now: Nanoseconds) {
        state.withLock { _ = $0.table.abandon(ticket, wasCharged: false, at: now) }
    }

    /// A run was answered; those who wait get the answer.
    func complete(
        _ ticket: IdempotencyTable.Ticket, of run: IdempotentRun, _ answer: StoredAnswer, body: UInt128?
    ) {
        let (ending, waits, forgotten) = state.withLock { state in
            let ending = state.table.complete(ticket, with: answer, body: body, at: Clock.monotonic())
            return (ending, state.takeWaits(of: ending), state.table.takeForgotten())
        }
        archive?.remove(forgotten)
        guard case .answered(let kept?, _) = ending else { return }
        for wait in waits { wait.end(with: .answer(kept, bodyOfFirst: body)) }
    }

    /// A run ended without an answer.
    func abandon(_ ticket: IdempotencyTable.Ticket, of name: IdempotencyName, isKept: Bool, wasCharged: Bool) {
        let (ending, waits) = state.withLock { state in
            let ending = state.table.abandon(ticket, wasCharged: wasCharged, at: Clock.monotonic())
            _ = state.table.takeForgotten()  // it is this one, if any
            return (ending, state.takeWaits(of: ending))
        }
        if isKept { archive?.remove([name]) }
        switch ending {
        case .handedOn(let ticket, _):
            let run = IdempotentRun(
                state.withLock { $0.table.request(of: ticket) }, ticket: ticket, wasCharged: true, store: self)
            run.begin()
            for wait in waits { wait.end(with: .run(run)) }
        case .released: for wait in waits { wait.end(with: .again) }
        case .answered, .ended: break
        }
    }

    /// Somebody waits no longer.
    func cancel(_ waiter: UInt64, of name: IdempotencyName) {
        state.withLock { state in
            state.waits[waiter] = nil
            state.table.cancel(waiter, of: name)
        }
    }

    /// Has the beginning of a run written; calls back on any thread, also if that fails.
    func keepBeginning(of run: IdempotentRun, then proceed: @escaping @Sendable () -> Void) {
        guard let archive else { return proceed() }
        archive.keep(record(of: run, answer: nil, body: nil), then: proceed)
    }

    /// Has the answer of a run written; likewise.
    func keepAnswer(
        _ answer: StoredAnswer, body: UInt128?, of run: IdempotentRun, then proceed: @escaping @Sendable () -> Void
    ) {
        guard let archive else { return proceed() }
        var answer = answer
        if let content = answer.body, content.count > bodyBytesMax { answer.body = nil }
        archive.keep(record(of: run, answer: answer, body: body), then: proceed)
    }

    private func record(of run: IdempotentRun, answer: StoredAnswer?, body: UInt128?) -> AnswerRecord {
        var fingerprint = run.fingerprint
        fingerprint.body = body ?? fingerprint.body
        return AnswerRecord(
            name: run.name, fingerprint: fingerprint, decision: run.decision,
            since: clock.withLock { $0.now().wall }, answer: answer)
    }
}

extension IdempotencyStore.State {
    /// Takes those who need not wait any longer.
    fileprivate mutating func takeWaits(of ending: IdempotencyTable.Ending) -> [IdempotentWait] {
        let ids: [UInt64] =
            switch ending {
            case .answered(_, let ids), .released(let ids): ids
            case .handedOn(_, let id): [id]
            case .ended: []
            }
        return ids.compactMap { waits.removeValue(forKey: $0) }
    }
}
