internal import Dispatch
internal import Foundation
internal import Synchronization
package import Vocabulary

/// The append-only record of every change that people or automation make, open for appending.
///
/// One thread writes. Callers hand their commands over and wait; when they have an answer it is on the disk. What
/// becomes of a command is decided in the order of the hand-over.
package final class LedgerWriter: Sendable {
    /// Where it is kept; for reading.
    package let store: any LedgerStore
    /// Tells how far the ledger reaches, also by what other processes append.
    package let extent: LedgerExtent
    /// Follows what other processes append.
    package let watch: LedgerWatch
    private let signer: NoteSigner
    private let queue = Mutex(CommitQueue())
    private let writing = Mutex(LedgerWriting())
    private let alarm = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)

    /// Opens a ledger, or begins a new one with a signed checkpoint of nothing.
    ///
    /// The signer signs every checkpoint; its name is the origin of the ledger. The clock is read once per commit, on
    /// the writing thread.
    package init(
        store: some LedgerStore, signer: NoteSigner, clock: @escaping @Sendable () -> WallTime
    ) throws(LedgerError) {
        self.store = store
        self.signer = signer
        var appender = try LedgerAppender(store: store, signer: signer)
        if appender.head == nil {
            let first = try appender.prepareFirst()
            do throws(LedgerError) {
                try store.write(first.changes)
                appender = first.next
            } catch {
                // Another process has begun it at the same moment: then it is theirs to say which key signs it.
                guard error.code == .otherWriter else { throw error }
                appender = try LedgerAppender(store: store, signer: signer)
            }
        }
        extent = LedgerExtent(size: appender.size)
        watch = LedgerWatch(store, extent: extent)
        let begun = appender
        let thread = Thread { [self] in
            var desk = CommitDesk(appender: begun, store: store, signer: signer, clock: clock)
            while let requests = next() { serve(requests, at: &desk) }
            ended.signal()
        }
        thread.name = "headgate-ledger"
        thread.start()
    }

    /// Appends the events of one command, and returns when they are on the disk.
    ///
    /// - Throws: why nothing could be appended now. After `unavailable` it may have been appended all the same; a
    ///   command with an id can be sent again safely.
    package func append(_ command: LedgerCommand) async throws(LedgerError) -> LedgerAnswer {
        try await append([command])[0]
    }

    /// Appends commands in one commit, one after the other; each is accepted or refused on its own.
    ///
    /// - Throws: as above; then none of them was appended.
    package func append(_ commands: [LedgerCommand]) async throws(LedgerError) -> [LedgerAnswer] {
        guard !commands.isEmpty else { return [] }
        let result = await withCheckedContinuation { answer in
            let rejection = queue.withLock { $0.add(CommitQueue.Request(commands: commands, answer: answer)) }
            switch rejection {
            case nil: alarm.signal()
            case .closed: answer.resume(returning: .failure(LedgerError(.closed, "the ledger was closed")))
            case .full:
                answer.resume(
                    returning: .failure(
                        LedgerError(.unavailable, "more than \(CommitQueue.depthMax) commands wait to be appended")))
            }
        }
        return try result.get()
    }

    /// The key that checks what this ledger signs.
    package var verifier: NoteVerifier { signer.verifier }

    /// The seal of a projection that was computed from the first records, as a signed note.
    ///
    /// - Throws: when the ledger cannot be read, or has fewer records.
    package func seal(projection name: String, size: Int64, digest: [UInt8]) throws(LedgerError) -> SignedNote {
        let root = try LedgerProver(store).root(at: size)
        return try signer.sign(ProjectionSeal(name: name, size: size, root: root, digest: digest).noteText)
    }

    /// The records from a place on, and then those that are appended, for as long as somebody reads.
    package func records(from sequence: Int64) -> LedgerFollower {
        LedgerFollower(store: store, extent: extent, next: sequence)
    }

    /// How appending goes.
    package var state: LedgerWriting { writing.withLock { $0 } }

    /// Looks whether the storage can be written again, where an append has failed: it may be long until the next one.
    ///
    /// What is written says nothing, and stands beside the records.
    package func retry() {
        guard state.trouble != nil else { return }
        do throws(LedgerError) {
            try store.save(LedgerSnapshot(name: "room", sequence: 0, bytes: []))
            writing.withLock { $0.trouble = nil }
        } catch {
            writing.withLock { $0.trouble = error }
        }
    }

    /// Appends what waits, ends the thread and closes the store.
    ///
    /// Call it once, and not from an event loop.
    package func close() {
        queue.withLock { $0.close() }
        alarm.signal()
        ended.wait()
        watch.close()
        store.close()
    }

    /// The requests of the next commit, once there are some; `nil` when the ledger is closed and nothing waits.
    private func next() -> [CommitQueue.Request]? {
        while true {
            let (requests, isClosed) = queue.withLock { ($0.take(), $0.isClosed) }
            if !requests.isEmpty { return requests }
            if isClosed { return nil }
            alarm.wait()
        }
    }

    private func serve(_ requests: [CommitQueue.Request], at desk: inout CommitDesk) {
        do throws(LedgerError) {
            var answers = try desk.commit(requests.flatMap(\.commands))[...]
            extent.advance(to: desk.size)
            writing.withLock { $0.trouble = nil }
            for request in requests {
                request.answer.resume(returning: .success(Array(answers.prefix(request.commands.count))))
                answers = answers.dropFirst(request.commands.count)
            }
        } catch {
            writing.withLock { $0.fail(error) }
            for request in requests { request.answer.resume(returning: .failure(error)) }
        }
    }
}

/// How appending to a ledger goes.
package struct LedgerWriting: Sendable {
    /// Why the last commit failed; `nil` if it did not.
    package fileprivate(set) var trouble: LedgerError?
    /// How many commits have failed.
    package fileprivate(set) var failureCount: Int64 = 0

    fileprivate mutating func fail(_ error: LedgerError) {
        trouble = error
        failureCount += 1
    }
}
