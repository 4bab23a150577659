internal import CPostgreSQL
internal import Ledger
#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// One connection to a PostgreSQL server, with one owner.
///
/// Statements are prepared once and then only executed; parameters never become part of their text. A connection that
/// has failed stays so: its owner lets go of it and makes another.
@safe struct PostgresConnection: ~Copyable, @unchecked Sendable {
    // SAFETY: the handle comes from libpq, is never nil, and is freed once, in deinit. The value cannot be copied, and
    // what uses the handle is mutating, so no two threads use it at once; libpq has no connection depend on a thread.
    // What libpq is given are copies that live as long as each call, and end with a zero.
    let handle: OpaquePointer
    /// Where it leads, for people.
    let place: String
    /// Whether nothing can be asked of it any more.
    private(set) var isLost = false
    private var statements: [String: String] = [:]

    /// How long connecting may take to one address, in seconds.
    private static let connectSeconds = 5
    /// How long the server may work on one statement: a search through millions of records takes some seconds.
    private static let statementSeconds = 30
    /// How long a writer may hold the head without asking anything: past that it is not there any more.
    private static let idleSeconds = 10
    /// How much longer its answer may take; past that the server is not there any more, or frozen.
    private static let graceSeconds = 5

    /// What libpq is told unless the address says otherwise: a peer that is gone is noticed within some ten seconds.
    private static let standardOptions = [
        "connect_timeout": "\(connectSeconds)", "keepalives": "1", "keepalives_idle": "5", "keepalives_interval": "2",
        "keepalives_count": "3", "tcp_user_timeout": "10000", "fallback_application_name": "headgate",
    ]

    /// Connects, and sets what all statements rely on.
    ///
    /// `synchronous_commit=on`: an answer to a commit means that it is on the disk, also where the server's
    /// configuration says otherwise.
    init(to address: PostgresAddress) throws(LedgerError) {
        place = address.place
        let options = PostgresConnection.standardOptions.merging(address.options) { $1 }.sorted { $0.key < $1.key }
        unsafe handle = PostgresConnection.connected(options)
        guard unsafe PQstatus(handle) == CONNECTION_OK else {
            throw LedgerError(unreachable: place, complaint: unsafe String(cString: PQerrorMessage(handle)))
        }
        // What is only a notice would go to standard error.
        unsafe PQsetNoticeProcessor(handle, { _, _ in }, nil)
        try execute(
            """
            SET client_encoding = 'UTF8'; SET search_path = "\(address.schema)"; SET synchronous_commit = on;
            SET default_transaction_isolation = 'read committed'; SET client_min_messages = warning;
            SET statement_timeout = '\(PostgresConnection.statementSeconds)s';
            SET idle_in_transaction_session_timeout = '\(PostgresConnection.idleSeconds)s'
            """)
    }

    deinit { unsafe PQfinish(handle) }

    private static func connected(_ options: [(key: String, value: String)]) -> OpaquePointer {
        // SAFETY: both lists end with nil; all texts are copied by libpq before the copies made here are freed.
        var keys = unsafe options.map { unsafe UnsafePointer(strdup($0.key)) } + [nil]
        var values = unsafe options.map { unsafe UnsafePointer(strdup($0.value)) } + [nil]
        defer { unsafe (keys + values).forEach { unsafe free(UnsafeMutablePointer(mutating: $0)) } }
        let handle = unsafe PQconnectdbParams(&keys, &values, 0)
        guard let handle = unsafe handle else { preconditionFailure("there is no memory for a connection") }
        return unsafe handle
    }

    /// What libpq last complained of.
    private var complaint: String { unsafe String(cString: PQerrorMessage(handle)) }

    /// Runs statements that take no parameters and give nothing back, one after the other.
    mutating func execute(_ script: String) throws(LedgerError) {
        guard unsafe PQsendQuery(handle, script) == 1 else { throw lost() }
        _ = try answer()
    }

    /// Runs one statement.
    mutating func run(_ statement: String, _ values: [PostgresValue] = []) throws(LedgerError) -> PostgresResult {
        let name = try prepared(statement, types: values.map(\.type))
        // SAFETY: `bytes` is not empty and not changed before the call is over; each value lies inside of it.
        let bytes = values.reduce(into: [UInt8]()) { $0 += $1.bytes ?? [] } + [0]
        let isSent = unsafe bytes.withUnsafeBytes { buffer in
            var start = 0
            var places = unsafe [UnsafePointer<CChar>?]()
            for value in values {
                let place = unsafe buffer.baseAddress.map { unsafe ($0 + start).assumingMemoryBound(to: CChar.self) }
                unsafe places.append(value.bytes == nil ? nil : place)
                start += value.bytes?.count ?? 0
            }
            let lengths = values.map { Int32($0.bytes?.count ?? 0) }
            let formats = values.map { _ in Int32(1) }
            return unsafe PQsendQueryPrepared(handle, name, Int32(values.count), places, lengths, formats, 1) == 1
        }
        guard isSent else { throw lost() }
        return try answer()
    }

    /// The name of a statement, which the server knows from then on.
    private mutating func prepared(_ statement: String, types: [UInt32]) throws(LedgerError) -> String {
        if let name = statements[statement] { return name }
        let name = "s\(statements.count)"
        guard unsafe PQsendPrepare(handle, name, statement, Int32(types.count), types) == 1 else { throw lost() }
        _ = try answer()
        statements[statement] = name
        return name
    }

    /// Waits until a statement is over.
    ///
    /// A statement's result comes before its commit; only when the server is ready for the next one has everything
    /// held, so what comes after the first result is looked at too.
    private mutating func answer() throws(LedgerError) -> PostgresResult {
        let seconds = PostgresConnection.statementSeconds + PostgresConnection.graceSeconds
        let end = ContinuousClock.now.advanced(by: .seconds(seconds))
        var last: PostgresResult?
        var failure: LedgerError?
        while true {
            while unsafe PQisBusy(handle) == 1 {
                guard awaitInput(until: end), unsafe PQconsumeInput(handle) == 1 else { throw lost() }
            }
            guard let next = unsafe PQgetResult(handle) else { break }
            let result = unsafe PostgresResult(taking: next)
            if result.isFailure {
                failure = failure ?? LedgerError(state: result.state, complaint: result.complaint, at: place)
                isLost = isLost || PostgresConnection.isEnd(result.state)
            } else {
                last = consume result
            }
        }
        if unsafe PQstatus(handle) != CONNECTION_OK { isLost = true }
        if let failure { throw isLost ? LedgerError(unreachable: place, complaint: "\(failure)") : failure }
        guard let last = consume last, !isLost else { throw lost() }
        return last
    }

    /// Whether the server ends the connection: it shuts down, has crashed, or is only starting.
    private static func isEnd(_ state: String) -> Bool { state.hasPrefix("08") || state.hasPrefix("57P") }

    /// Gives the connection up.
    mutating func lost() -> LedgerError {
        isLost = true
        return LedgerError(unreachable: place, complaint: complaint)
    }
}
