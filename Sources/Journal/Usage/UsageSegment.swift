internal import Vocabulary

/// What some tenants have used, as bytes: a version, then row after row.
///
/// A row: the tenant's 16 bytes, how many numbers it has, the number of its shape, the moment in milliseconds, the
/// numbers.
struct UsageSegment {
    /// What was written so far.
    var bytes: [UInt8] { writer.bytes }
    /// Whether no tenant is in it.
    private(set) var isEmpty = true
    private var writer = CompactWriter()

    /// The version of the bytes.
    fileprivate static let version: UInt64 = 1

    /// Starts without tenants.
    init() { writer.append(UsageSegment.version) }

    /// Adds a tenant.
    mutating func append(_ tenant: TenantKey, shape: Int64, at wall: WallTime, _ numbers: ArraySlice<Int64>) {
        isEmpty = false
        writer.append(tenant)
        writer.append(UInt64(numbers.count))
        writer.append(shape)
        writer.append(wall.milliseconds)
        for number in numbers { writer.append(number) }
    }

    /// Adds a tenant as it was written before.
    mutating func append(copying row: ArraySlice<UInt8>) {
        isEmpty = false
        writer.append(copying: row)
    }
}

/// Reads a segment row by row; whatever its bytes may be, it throws and never traps.
struct UsageSegmentReader {
    private var reader: CompactReader
    /// The numbers of the row read last.
    private(set) var numbers: [Int64] = []

    /// One tenant.
    struct Row {
        /// Whose use it is.
        let tenant: TenantKey
        /// The number of the shape.
        let shape: Int64
        /// When it was that.
        let wall: WallTime
        /// Where the row stands among the bytes.
        let extent: Range<Int>
    }

    /// Starts at the first row.
    ///
    /// - Throws: `Malformed` also for a version that is not known.
    init(_ bytes: [UInt8]) throws(CompactReader.Malformed) {
        reader = CompactReader(bytes)
        guard try reader.unsigned() == UsageSegment.version else { throw CompactReader.Malformed(position: 0) }
    }

    /// Reads the next row; `nil` at the end.
    mutating func next() throws(CompactReader.Malformed) -> Row? {
        guard !reader.isAtEnd else { return nil }
        let start = reader.position
        let tenant = try reader.tenant()
        let count = try reader.unsigned()
        guard count <= UInt64(reader.bytes.count - start) else { throw CompactReader.Malformed(position: start) }
        let shape = try reader.signed()
        let wall = WallTime(milliseconds: try reader.signed())
        numbers.removeAll(keepingCapacity: true)
        for _ in 0..<count { numbers.append(try reader.signed()) }
        return Row(tenant: tenant, shape: shape, wall: wall, extent: start..<reader.position)
    }

    /// The bytes of a row.
    func bytes(of row: Row) -> ArraySlice<UInt8> { reader.bytes[row.extent] }
}
