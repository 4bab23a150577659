internal import Foundation
internal import GRDB
internal import Vocabulary

/// The segments of the usage store: what changed is added at their end, part by part, and a part is rewritten without
/// what later rows replace when that has become half as much as the part itself.
///
/// Adding costs the same whoever changed, a thousand neighbours or a thousand strangers among a million; a row for each
/// tenant in a table would rewrite a page of the file for each stranger. Rewriting half of a part at least, each row
/// costs two more copies at most.
struct UsageParts {
    private var extents = [Extent](repeating: Extent(), count: UsageParts.count)
    private var nextSequence: Int64 = 1
    private var turn = 0

    /// How many parts there are: enough that rewriting one of a million tenants takes some milliseconds, few enough
    /// that a commit of a few tenants writes few rows.
    ///
    /// Fixed: the file's `place` names them.
    static let count = 16

    /// How large a part is.
    private struct Extent {
        /// Bytes of its oldest segment.
        var first = 0
        /// Bytes of the others.
        var rest = 0
        /// How many segments there are.
        var count = 0

        /// Whether rewriting is worth it; of many small segments it is, too, since each takes a page.
        var isDue: Bool { count > 1 && (rest * 2 >= first || count > 64) }

        mutating func add(_ bytes: Int) {
            if count == 0 { first = bytes } else { rest += bytes }
            count += 1
        }
    }

    /// Looks at the segments that a file has.
    init(of database: Database) throws {
        let rows = try Row.fetchCursor(database, sql: "SELECT place, length(body) FROM segment ORDER BY place")
        while let row = try rows.next() {
            let place = try row.number(at: 0)
            let part = place >> UsageParts.sequenceBits
            guard extents.indices.contains(Int(part)) else { throw StoreFailure(.damaged, "there is no part \(part)") }
            extents[Int(part)].add(Int(try row.number(at: 1)))
            nextSequence = max(nextSequence, place & UsageParts.sequenceMask + 1)
        }
    }

    private static let sequenceBits: Int64 = 48
    private static let sequenceMask: Int64 = 1 << sequenceBits - 1

    /// The places of a part's segments.
    static func places(ofPart part: Int) -> ClosedRange<Int64> {
        let first = Int64(part) << sequenceBits
        return first...(first | sequenceMask)
    }

    /// Adds what changed; `shapes` are the numbers of the batch's shapes.
    mutating func append(_ batch: UsageBatch, shapes: [Int64], to database: Database) throws {
        guard !batch.isEmpty else { return }
        var segments = [UsageSegment](repeating: UsageSegment(), count: UsageParts.count)
        let counts = batch.shapes.map(\.numberCount)
        for row in batch.rows {
            let part = Int(truncatingIfNeeded: row.tenant.bits >> 64) & (UsageParts.count - 1)
            let numbers = batch.numbers[row.start..<(row.start + counts[row.shape])]
            segments[part].append(row.tenant, shape: shapes[row.shape], at: row.wall, numbers)
        }
        for (part, segment) in segments.enumerated() where !segment.isEmpty {
            try insert(segment, at: UsageParts.places(ofPart: part).lowerBound | nextSequence, in: database)
            extents[part].add(segment.bytes.count)
        }
        nextSequence += 1
    }

    /// Rewrites the next part if that is worth it.
    mutating func rewriteNext(_ catalogue: UsageCatalogue, at wall: WallTime, in database: Database) throws {
        turn = (turn + 1) % UsageParts.count
        guard extents[turn].isDue else { return }
        let places = UsageParts.places(ofPart: turn)
        var segment = UsageSegment()
        let newest = try catalogue.forEachNewest(inPart: turn, at: wall, of: database) { row, reader, _ in
            segment.append(copying: reader.bytes(of: row))
        }
        try database.cachedStatement(sql: "DELETE FROM segment WHERE place BETWEEN ? AND ?")
            .execute(arguments: [places.lowerBound, places.upperBound])
        extents[turn] = Extent()
        guard let newest, !segment.isEmpty else { return }
        try insert(segment, at: newest, in: database)
        extents[turn].add(segment.bytes.count)
    }

    private func insert(_ segment: UsageSegment, at place: Int64, in database: Database) throws {
        try database.cachedStatement(sql: "INSERT INTO segment VALUES (?, ?)")
            .execute(arguments: [place, Data(segment.bytes)])
    }
}
