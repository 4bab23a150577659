/// Protocol Buffers, slowly: builds messages field by field, and reads them byte by byte out of arrays, in whatever way
/// is most obvious.
enum WireOracle {
    /// One field.
    enum Field: Equatable {
        case varint(UInt64, UInt64)
        case fixed64(UInt64, UInt64)
        case bytes(UInt64, [UInt8])
        case fixed32(UInt64, UInt32)
    }

    /// A number, seven bits per byte, and more bytes than it needs if it is to be longer.
    static func varint(_ number: UInt64, length: Int = 0) -> [UInt8] {
        var groups: [UInt8] = []
        var rest = number
        repeat {
            groups.append(UInt8(rest % 128))
            rest /= 128
        } while rest > 0 || groups.count < length
        return groups.enumerated().map { $0.offset == groups.count - 1 ? $0.element : $0.element + 128 }
    }

    /// A message.
    static func message(_ fields: [Field]) -> [UInt8] { fields.flatMap(encoded) }

    private static func encoded(_ field: Field) -> [UInt8] {
        switch field {
        case .varint(let number, let value): varint(number * 8) + varint(value)
        case .fixed64(let number, let value): varint(number * 8 + 1) + (0..<8).map { UInt8(value >> ($0 * 8) & 255) }
        case .bytes(let number, let bytes): varint(number * 8 + 2) + varint(UInt64(bytes.count)) + bytes
        case .fixed32(let number, let value): varint(number * 8 + 5) + (0..<4).map { UInt8(value >> ($0 * 8) & 255) }
        }
    }

    /// The fields of a message; `nil` if it is none.
    static func fields(_ bytes: [UInt8]) -> [Field]? {
        var rest = bytes
        var fields: [Field] = []
        while !rest.isEmpty {
            guard let tag = takeVarint(&rest) else { return nil }
            let (number, kind) = (tag / 8, tag % 8)
            guard (1..<1 << 29).contains(number) else { return nil }
            if kind == 3 {
                guard takeGroup(number, depth: 1, &rest) else { return nil }
                continue
            }
            guard let field = takeField(number, kind, &rest) else { return nil }
            fields.append(field)
        }
        return fields
    }

    /// Takes a group to its end, with what is in it; whether it was one.
    private static func takeGroup(_ number: UInt64, depth: Int, _ rest: inout [UInt8]) -> Bool {
        guard depth <= 100 else { return false }
        while let tag = takeVarint(&rest) {
            guard (1..<1 << 29).contains(tag / 8) else { return false }
            switch tag % 8 {
            case 3: guard takeGroup(tag / 8, depth: depth + 1, &rest) else { return false }
            case 4: return tag / 8 == number
            default: guard takeField(tag / 8, tag % 8, &rest) != nil else { return false }
            }
        }
        return false
    }

    /// A group with some fields in it, already encoded.
    static func group(_ number: UInt64, _ content: [UInt8]) -> [UInt8] {
        varint(number * 8 + 3) + content + varint(number * 8 + 4)
    }

    private static func takeField(_ number: UInt64, _ kind: UInt64, _ rest: inout [UInt8]) -> Field? {
        switch kind {
        case 0: return takeVarint(&rest).map { .varint(number, $0) }
        case 1: return take(8, &rest).map { .fixed64(number, $0.reversed().reduce(0) { $0 * 256 + UInt64($1) }) }
        case 2: return takeVarint(&rest).flatMap { take($0, &rest) }.map { .bytes(number, $0) }
        case 5: return take(4, &rest).map { .fixed32(number, $0.reversed().reduce(0) { $0 * 256 + UInt32($1) }) }
        default: return nil
        }
    }

    private static func take(_ count: UInt64, _ rest: inout [UInt8]) -> [UInt8]? {
        guard count <= UInt64(rest.count) else { return nil }
        defer { rest.removeFirst(Int(count)) }
        return Array(rest.prefix(Int(count)))
    }

    /// At most ten bytes; what goes beyond 64 bits is cut off.
    private static func takeVarint(_ rest: inout [UInt8]) -> UInt64? {
        guard let end = rest.prefix(10).firstIndex(where: { $0 < 128 }) else { return nil }
        let groups = rest[...end]
        rest.removeFirst(groups.count)
        return groups.reversed().reduce(0) { $0 &* 128 &+ UInt64($1 % 128) }
    }
}
