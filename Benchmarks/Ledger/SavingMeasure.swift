import Access
import Directory
import Foundation
import Governance
import Ledger
import PostgresLedger
import Synchronization
import Vocabulary

/// How long a change takes while all that holds is saved.
///
/// `ledger-benchmark saving FOLDER [ADDRESS]`, on a data folder that `ledger-benchmark tenants` has filled. One caller
/// changes the same thing over and over, first undisturbed and then for as long as another thread saves.
enum SavingMeasure {
    /// Measures.
    static func run(_ arguments: [String]) async throws {
        guard let folder = arguments.first else { throw LedgerBenchmark.Failure.usage }
        let clock: @Sendable () -> WallTime = { WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) }
        let place = try LedgerLocation(data: folder, address: arguments.count > 1 ? arguments[1] : nil)
        let ledger = try place.open(clock: clock)
        defer { ledger.close() }
        let image = RegistryImage(ledger.store)
        let loading = ContinuousClock.now
        var saved: (registry: Registry, seal: ProjectionSeal)?
        if case .registry(let registry, let seal) = try image.load(sealedBy: ledger.verifier) {
            saved = (registry, seal)
        }
        print("loading what was saved: \(milliseconds(ContinuousClock.now - loading)) ms, found: \(saved != nil)")
        let governor = try Governor(ledger: ledger, saved: saved, clock: clock)
        saved = nil
        guard let name = OperatorName("ada") else { return }
        let ada = Authority(name, grants: Set(Role.allCases.compactMap { RoleGrant($0) }))
        tell("undisturbed", try await changes(governor, ada) { $0 < 2_000 })
        let thread = SavingThread(governor, image, ledger)
        let disturbed = try await changes(governor, ada) { _ in thread.isRunning }
        tell("while saving", disturbed)
        print("saving: \(milliseconds(thread.duration)) ms")
    }

    private static func changes(
        _ governor: Governor, _ authority: Authority, while condition: (Int) -> Bool
    ) async throws -> [Duration] {
        var times: [Duration] = []
        while condition(times.count) {
            let facts = PrincipalFacts(name: "gateway", summary: "change \(times.count)")
            let start = ContinuousClock.now
            try await governor.execute(.statePrincipal(.platform, facts), by: authority)
            times.append(ContinuousClock.now - start)
        }
        return times
    }

    private static func tell(_ what: String, _ times: [Duration]) {
        let sorted = times.sorted()
        guard let worst = sorted.last else { return print("\(what): nothing was changed") }
        print(
            "\(what): \(sorted.count) changes, median \(milliseconds(sorted[sorted.count / 2])) ms, "
                + "99 of 100 within \(milliseconds(sorted[sorted.count * 99 / 100])) ms, worst \(milliseconds(worst)) ms"
        )
    }

    private static func milliseconds(_ duration: Duration) -> String {
        let microseconds = Int(duration / .microseconds(1))
        return "\(microseconds / 1_000).\(String(microseconds % 1_000 / 10 + 100).dropFirst())"
    }
}

/// Saves once, on a thread of its own.
private final class SavingThread: Sendable {
    private let begun = ContinuousClock.now
    private let ended: Mutex<ContinuousClock.Instant?>

    init(_ governor: Governor, _ image: RegistryImage, _ ledger: LedgerWriter) {
        ended = Mutex(nil)
        Thread.detachNewThread { [self] in
            do { try image.save(governor.read { $0 }, sealedBy: ledger) } catch { print("saving failed: \(error)") }
            ended.withLock { $0 = .now }
        }
    }

    var isRunning: Bool { ended.withLock { $0 } == nil }
    var duration: Duration { (ended.withLock { $0 } ?? .now) - begun }
}
