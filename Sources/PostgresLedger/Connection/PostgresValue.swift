/// A parameter of a statement, in PostgreSQL's binary form.
///
/// Lists are arrays of one dimension: however many rows a statement is about, it is one statement.
struct PostgresValue {
    /// The number of the type in `pg_type`.
    let type: UInt32
    /// The bytes; `nil` for NULL.
    let bytes: [UInt8]?

    private init(_ type: UInt32, _ bytes: [UInt8]?) {
        self.type = type
        self.bytes = bytes
    }

    /// `bigint`.
    static func integer(_ value: Int64?) -> PostgresValue { PostgresValue(20, value.map { bigEndian($0) }) }

    /// `text`.
    static func text(_ value: String?) -> PostgresValue { PostgresValue(25, value.map { Array($0.utf8) }) }

    /// `bytea`.
    static func bytes(_ value: [UInt8]) -> PostgresValue { PostgresValue(17, value) }

    /// `bigint[]`.
    static func integers(_ values: some Collection<Int64>) -> PostgresValue {
        PostgresValue(1_016, array(of: 20, values.map { bigEndian($0) }))
    }

    /// `text[]`.
    static func texts(_ values: some Collection<String>) -> PostgresValue {
        PostgresValue(1_009, array(of: 25, values.map { Array($0.utf8) }))
    }

    /// `bytea[]`.
    static func byteStrings(_ values: some Collection<[UInt8]>) -> PostgresValue {
        PostgresValue(1_001, array(of: 17, Array(values)))
    }

    /// The number of dimensions, whether there are NULLs, the type; count and first index; then each with its length.
    private static func array(of type: Int32, _ elements: [[UInt8]]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(20 + elements.reduce(0) { $0 + 4 + $1.count })
        bytes += bigEndian(Int32(elements.isEmpty ? 0 : 1)) + bigEndian(Int32(0)) + bigEndian(type)
        if elements.isEmpty { return bytes }
        bytes += bigEndian(Int32(elements.count)) + bigEndian(Int32(1))
        for element in elements {
            bytes += bigEndian(Int32(element.count))
            bytes += element
        }
        return bytes
    }

    private static func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        (0..<value.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
