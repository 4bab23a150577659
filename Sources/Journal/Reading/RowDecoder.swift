internal import Foundation
internal import GRDB
internal import Vocabulary

/// Turns rows of `decision` into records; looks names up once per name.
final class RowDecoder {
    /// The columns it needs.
    static let columns = """
        sequence, id, tenant, principal, operation, class, tier, outcome, reason, would_reason, details
        """
    private let database: Database
    private var names: [Int64: String] = [:]

    /// Decodes rows read in the present transaction.
    init(_ database: Database) { self.database = database }

    /// Why a row cannot be read, apart from its details.
    enum Problem: Error, Hashable {
        /// The id does not have 16 bytes.
        case malformedID(sequence: Int64)
        /// The name table lacks a number.
        case unknownName(number: Int64)
    }

    /// The record of a row.
    func record(_ row: Row) throws -> DecisionRecord {
        guard let id = DecisionID(blob: try row.value("id")) else {
            throw Problem.malformedID(sequence: try row.value("sequence"))
        }
        func optional(_ column: String) throws -> String? {
            let number: Int64? = try row.optional(column)
            return try number.map(name)
        }
        let columns = DetailsDecoder.Columns(
            id: id, tenant: try optional("tenant"), principal: try optional("principal"),
            operation: try optional("operation"), trafficClass: try optional("class"),
            tier: try name(row.value("tier")),
            outcome: try name(row.value("outcome")), reason: try name(row.value("reason")),
            wouldBeReason: try optional("would_reason"))
        let details: Data = try row.value("details")
        var decoder = DetailsDecoder([UInt8](details)) { [self] number in try name(number) }
        return try decoder.decode(columns)
    }

    private func name(_ number: Int64) throws -> String {
        if let known = names[number] { return known }
        let statement = try database.cachedStatement(sql: "SELECT text FROM name WHERE number = ?")
        guard let text = try String.fetchOne(statement, arguments: [number]) else {
            throw Problem.unknownName(number: number)
        }
        names[number] = text
        return text
    }
}
