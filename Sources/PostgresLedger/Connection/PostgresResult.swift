internal import CPostgreSQL
internal import Ledger

/// What a statement came to: rows, in binary form.
@safe struct PostgresResult: ~Copyable {
    // SAFETY: the handle comes from libpq and is freed once, in deinit; nobody else has it. Rows and columns are
    // checked by libpq, which gives nil or 0 beyond them; the bytes of a cell are copied while the result is alive.
    private let handle: OpaquePointer

    /// Takes over what libpq has made.
    init(taking handle: OpaquePointer) { unsafe self.handle = handle }

    deinit { unsafe PQclear(handle) }

    /// How many rows there are.
    var count: Int { Int(unsafe PQntuples(handle)) }

    /// Whether the statement failed.
    var isFailure: Bool {
        let status = unsafe PQresultStatus(handle)
        return status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_EMPTY_QUERY
    }

    /// The five letters that say why it failed, or nothing (PostgreSQL, appendix A).
    var state: String {
        // 'C', PG_DIAG_SQLSTATE: a macro that does not come over.
        unsafe PQresultErrorField(handle, Int32(UInt8(ascii: "C"))).map { unsafe String(cString: $0) } ?? ""
    }

    /// What the server said of the failure.
    var complaint: String { unsafe String(cString: PQresultErrorMessage(handle)) }

    /// The bytes of a cell; `nil` for NULL.
    func bytes(_ row: Int, _ column: Int) -> [UInt8]? {
        guard unsafe PQgetisnull(handle, Int32(row), Int32(column)) == 0,
            let start = unsafe PQgetvalue(handle, Int32(row), Int32(column))
        else { return nil }
        let count = Int(unsafe PQgetlength(handle, Int32(row), Int32(column)))
        return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }

    /// A `bigint` that is there.
    func integer(_ row: Int, _ column: Int) throws(LedgerError) -> Int64 {
        guard let bytes = bytes(row, column), bytes.count == 8 else { throw PostgresResult.wrongKind(column) }
        return bytes.reduce(0) { $0 << 8 | Int64($1) }
    }

    /// A `text` that is there.
    func text(_ row: Int, _ column: Int) throws(LedgerError) -> String {
        guard let bytes = bytes(row, column), let text = String(validating: bytes, as: UTF8.self) else {
            throw PostgresResult.wrongKind(column)
        }
        return text
    }

    /// A `bytea` that is there.
    func data(_ row: Int, _ column: Int) throws(LedgerError) -> [UInt8] {
        guard let bytes = bytes(row, column) else { throw PostgresResult.wrongKind(column) }
        return bytes
    }

    private static func wrongKind(_ column: Int) -> LedgerError {
        LedgerError(.damaged, "the ledger's database has a value of the wrong kind in column \(column) of an answer")
    }
}
