internal import Foundation
internal import GRDB
internal import Vocabulary

/// The shapes that a usage store knows by number.
struct UsageCatalogue {
    private var numbers: [UsageShape: Int64] = [:]
    private var shapes: [Int64: UsageShape] = [:]

    /// Reads the shapes of a file.
    init(of database: Database) throws {
        for row in try Row.fetchAll(database, sql: "SELECT number, content FROM shape") {
            try note(UsageShape(content: try row.bytes(at: 1)), as: try row.number(at: 0))
        }
    }

    private mutating func note(_ shape: UsageShape, as number: Int64) {
        numbers[shape] = number
        shapes[number] = shape
    }

    /// The numbers of a batch's shapes; those that no row has are -1.
    mutating func numbers(of batch: UsageBatch, in database: Database) throws -> [Int64] {
        var found = [Int64](repeating: -1, count: batch.shapes.count)
        for row in batch.rows where found[row.shape] < 0 {
            found[row.shape] = try number(of: batch.shapes[row.shape], in: database)
        }
        return found
    }

    private mutating func number(of shape: UsageShape, in database: Database) throws -> Int64 {
        if let known = numbers[shape] { return known }
        try database.execute(sql: "INSERT INTO shape (content) VALUES (?)", arguments: [Data(shape.content)])
        let number = database.lastInsertedRowID
        note(shape, as: number)
        return number
    }

    /// Forgets shapes that no row of the file has.
    ///
    /// Each reading of a policy that changes what is kept, or its units, leaves some behind.
    mutating func forgetUnused(in database: Database) throws {
        guard shapes.count > UsageCatalogue.shapeCountMax else { return }
        var used: Set<Int64> = []
        let bodies = try Row.fetchCursor(database, sql: "SELECT body FROM segment")
        while let body = try bodies.next() {
            var reader = try UsageSegmentReader(try body.bytes(at: 0))
            while let row = try reader.next() { used.insert(row.shape) }
        }
        for (number, shape) in shapes where !used.contains(number) {
            try database.execute(sql: "DELETE FROM shape WHERE number = ?", arguments: [number])
            numbers[shape] = nil
            shapes[number] = nil
        }
    }

    /// How many shapes are no reason to look for unused ones.
    private static let shapeCountMax = 1_000

    /// Runs the body with the newest row of each tenant of a part that still means something, and with its shape.
    ///
    /// - Returns: the place of the newest segment; `nil` if the part is empty.
    @discardableResult
    func forEachNewest(
        inPart part: Int, at wall: WallTime, of database: Database,
        _ body: (UsageSegmentReader.Row, UsageSegmentReader, UsageShape) throws -> Void
    ) throws -> Int64? {
        let places = UsageParts.places(ofPart: part)
        let segments = try Row.fetchCursor(
            database.cachedStatement(
                sql: "SELECT place, body FROM segment WHERE place BETWEEN ? AND ? ORDER BY place DESC"),
            arguments: [places.lowerBound, places.upperBound])
        let horizons = shapes.mapValues { $0.horizon(at: wall) }
        var seen = TenantKeySet(capacity: 1_024)
        var newest: Int64?
        while let segment = try segments.next() {
            if newest == nil { newest = try segment.number(at: 0) }
            var reader = try UsageSegmentReader(try segment.bytes(at: 1))
            while let row = try reader.next() {
                guard seen.insert(row.tenant) else { continue }
                guard let shape = shapes[row.shape], let horizon = horizons[row.shape],
                    shape.numberCount == reader.numbers.count
                else { throw StoreFailure(.damaged, "a tenant's use has the unknown shape \(row.shape)") }
                if row.wall >= horizon { try body(row, reader, shape) }
            }
        }
        return newest
    }
}
