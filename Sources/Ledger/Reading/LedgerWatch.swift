internal import Dispatch
internal import Foundation
internal import Synchronization

/// Follows what other processes append to a ledger.
///
/// A thread waits for the store's alarm and then looks how far the ledger reaches. While the store cannot be had it
/// goes on trying, and whoever follows the records waits; one who was about to read gets the error, and may ask again.
package final class LedgerWatch: Sendable {
    /// Tells how far the ledger reaches.
    package let extent: LedgerExtent
    private let store: any LedgerStore
    private let alarm: any LedgerAlarm
    private let state = Mutex(State())
    private let ended = DispatchSemaphore(value: 0)

    private struct State {
        var isEnded = false
        var trouble: LedgerError?
    }

    /// Watches a store, which stays its owner's.
    ///
    /// - Throws: when the store cannot be read now.
    package convenience init(_ store: any LedgerStore) throws(LedgerError) {
        self.init(store, extent: LedgerExtent(size: try store.size()))
    }

    /// Goes on from a known extent, which may also be advanced by others.
    init(_ store: any LedgerStore, extent: LedgerExtent) {
        self.store = store
        self.extent = extent
        alarm = store.alarm()
        let thread = Thread { [self] in
            run()
            ended.signal()
        }
        thread.name = "headgate-watch"
        thread.start()
    }

    /// Why the ledger could not be read when it was last tried; `nil` if it could.
    package var trouble: LedgerError? { state.withLock { $0.trouble } }

    /// The records from a place on, and then those that are appended, for as long as somebody reads.
    package func records(from sequence: Int64) -> LedgerFollower {
        LedgerFollower(store: store, extent: extent, next: sequence)
    }

    /// Ends the thread, and all who follow; the store stays open.
    ///
    /// Call it once, and not from an event loop.
    package func close() {
        state.withLock { $0.isEnded = true }
        alarm.stop()
        ended.wait()
        extent.end()
    }

    private func run() {
        while true {
            let said = alarm.wait()
            if state.withLock({ $0.isEnded }) { return }
            if let said, said <= extent.size { continue }
            do throws(LedgerError) {
                extent.advance(to: try store.size())
                try store.checkPlace()
                state.withLock { $0.trouble = nil }
            } catch {
                state.withLock { $0.trouble = error }
            }
        }
    }
}
