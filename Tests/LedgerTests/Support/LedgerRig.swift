import Foundation
import PostgresLedger
import PostgresTestSupport
import Synchronization
import Testing
import Vocabulary

@testable import Ledger

/// A backend that the contract suite runs on.
enum Backend: CaseIterable, CustomTestStringConvertible {
    case sqlite
    case postgres

    var testDescription: String { "\(self)" }
}

/// A place for one ledger, which can be opened again and again.
final class LedgerRig: Sendable {
    let folder: TemporaryFolder
    let signer: NoteSigner
    let clock = TestClock()
    /// The place in PostgreSQL, where that is the backend.
    let address: PostgresAddress?
    init(_ backend: Backend = .sqlite, signer: NoteSigner? = nil, server: PostgresServer? = nil) throws {
        address =
            switch backend {
            case .sqlite: nil
            case .postgres: try PostgresAddress(try (server ?? PostgresServer.shared.get()).address())
            }
        folder = try TemporaryFolder()
        self.signer = try signer ?? NoteSigner(name: "example.com/ledger")
    }

    var path: String { folder.path + "/ledger.sqlite" }

    func store() throws -> any LedgerStore {
        guard let address else { return try SQLiteLedgerStore(path: path) }
        return try PostgresLedgerStore(address)
    }

    func readingStore() throws -> any LedgerStore {
        guard let address else { return try SQLiteLedgerStore(readingFrom: path) }
        return try PostgresLedgerStore(readingFrom: address)
    }

    func open(signer other: NoteSigner? = nil) throws -> LedgerWriter {
        try LedgerWriter(store: try store(), signer: other ?? signer) { [clock] in clock.now }
    }
}

/// A wall clock that a test sets.
final class TestClock: Sendable {
    private let milliseconds = Atomic<Int64>(1_000)

    var now: WallTime { WallTime(milliseconds: milliseconds.load(ordering: .relaxed)) }

    func set(_ now: Int64) { milliseconds.store(now, ordering: .relaxed) }
}

/// Events to append.
enum Sample {
    static func event(_ number: Int, stream: String = "tenant/acme", type: String = "tenant.changed") -> LedgerEvent {
        LedgerEvent(stream: stream, type: type, payload: Array("{\"number\":\(number)}".utf8))
    }

    static func command(
        _ number: Int, id: String = "", stream: String = "tenant/acme", expecting version: Int64? = nil
    ) -> LedgerCommand {
        LedgerCommand(
            id: id, actor: "operator/7", events: [event(number, stream: stream)],
            expectedVersions: version.map { [stream: $0] } ?? [:])
    }
}

extension LedgerStore {
    /// All there is.
    func all() throws -> [LedgerEntry] { try entries(LedgerQuery(limit: 1_000_000)) }
}
