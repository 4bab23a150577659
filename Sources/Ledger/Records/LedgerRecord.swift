package import Vocabulary

/// One event as it stands in the ledger.
package struct LedgerRecord: Hashable, Sendable {
    /// Its place in the total order, and the index of its leaf; the first one has 0.
    package let sequence: Int64
    /// When it was appended; never before the record in front of it.
    package let time: WallTime
    /// Who did it.
    package let actor: String
    /// What happened.
    package let type: String
    /// What it happened to.
    package let stream: String
    /// Which event of its stream it is; the first one has 1.
    package let version: Int64
    /// The id of the command, or empty.
    package let command: String
    /// The rest.
    package let payload: [UInt8]
}

/// The form in which a record is stored and committed to (docs/ledger.md).
///
/// Fixed and dull on purpose: others have to be able to read it with ten lines of any language. All numbers are big
/// endian.
extension LedgerRecord {
    /// The version of the form.
    private static let form: UInt8 = 1

    /// The bytes of the record.
    ///
    /// Names have at most 255 bytes, which `LedgerCommand.flaw` sees to.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = [LedgerRecord.form]
        bytes.reserveCapacity(64 + payload.count + actor.utf8.count + type.utf8.count + stream.utf8.count)
        bytes.append(bigEndian: sequence, count: 8)
        bytes.append(bigEndian: time.milliseconds, count: 8)
        bytes.append(bigEndian: version, count: 8)
        for name in [actor, type, stream, command] {
            bytes.append(UInt8(truncatingIfNeeded: name.utf8.count))
            bytes.append(contentsOf: name.utf8)
        }
        bytes.append(bigEndian: Int64(payload.count), count: 4)
        bytes.append(contentsOf: payload)
        return bytes
    }

    /// Reads the bytes of a record; `nil` if they are not exactly one.
    package init?(bytes: [UInt8]) {
        var rest = bytes[...]
        guard rest.popFirst() == LedgerRecord.form, let sequence = rest.popBigEndian(count: 8),
            let milliseconds = rest.popBigEndian(count: 8), let version = rest.popBigEndian(count: 8),
            let actor = rest.popName(), let type = rest.popName(), let stream = rest.popName(),
            let command = rest.popName(), let count = rest.popBigEndian(count: 4), count == rest.count
        else { return nil }
        self.sequence = sequence
        time = WallTime(milliseconds: milliseconds)
        self.actor = actor
        self.type = type
        self.stream = stream
        self.version = version
        self.command = command
        payload = Array(rest)
    }
}

extension [UInt8] {
    /// Appends the lowest bytes of a number, the highest of them first.
    fileprivate mutating func append(bigEndian number: Int64, count: Int) {
        for place in (0..<count).reversed() { append(UInt8(truncatingIfNeeded: number >> (8 * place))) }
    }
}

extension ArraySlice<UInt8> {
    /// Takes a number off the front.
    fileprivate mutating func popBigEndian(count: Int) -> Int64? {
        guard self.count >= count else { return nil }
        defer { removeFirst(count) }
        return prefix(count).reduce(0) { $0 << 8 | Int64($1) }
    }

    /// Takes a name off the front: its length in one byte, then UTF-8.
    fileprivate mutating func popName() -> String? {
        guard let count = popFirst().map(Int.init), self.count >= count else { return nil }
        defer { removeFirst(count) }
        return String(validating: prefix(count), as: UTF8.self)
    }
}
