/// The fields that a client has told us to remember (RFC 7541 §2.3.2): the newest has the lowest index, the oldest goes
/// first.
///
/// Names and values lie one behind the other in a buffer of twice the table's size. When the end is reached, what is
/// still remembered moves to the beginning; since at least half of the buffer is free then, a byte moves at most once
/// for each byte that is added. A connection whose client indexes nothing has no buffer, and one whose client indexes
/// little has a small one: a stranger must not get kilobytes for a few bytes.
struct HPACKTable: ~Copyable {
    private var bytes: [UInt8] = []
    /// A ring whose size is a power of two; `newest` is the place of the newest entry.
    private var entries: [HTTP2Field] = []
    private var newest = 0
    private(set) var count = 0
    /// The size of all entries as RFC 7541 §4.1 counts it.
    private(set) var size = 0
    /// The size that the client allows itself.
    private(set) var sizeMax = HPACKTable.sizeLimit

    /// The largest size: what we say of it is nothing, so it is what RFC 9113 §6.5.2 begins with.
    static let sizeLimit = 4_096
    /// The most entries that fit: a power of two.
    private static let countLimit = sizeLimit / HTTP2Fields.overhead
    /// The first entries there is room for: more than most clients index.
    private static let firstCount = 16

    /// The memory that it takes.
    var heldBytes: Int { bytes.capacity + entries.capacity * MemoryLayout<HTTP2Field>.stride }

    /// Changes the size that the client allows itself.
    mutating func resize(to size: Int) {
        sizeMax = size
        evict(for: 0)
    }

    private mutating func evict(for more: Int) {
        while count > 0, size + more > sizeMax {
            let oldest = entries[place(count - 1)]
            size -= Int(oldest.name.count + oldest.value.count) + HTTP2Fields.overhead
            count -= 1
        }
    }

    /// Where an entry stands; 0 is the newest.
    private func place(_ index: Int) -> Int { (newest - index) & (entries.count - 1) }

    /// An entry; 0 is the newest.
    ///
    /// - Precondition: there are more.
    subscript(index: Int) -> HTTP2Field {
        precondition(index < count, "entry \(index) of \(count)")
        return entries[place(index)]
    }

    /// Writes the name of an entry, and its value if that is wanted.
    func write(_ entry: HTTP2Field, withValue: Bool, to writer: inout ByteWriter) {
        writer.write(bytes.span.extracting(entry.range(withValue: withValue)))
    }

    /// Remembers a field; one that is larger than the table empties it (RFC 7541 §4.4).
    ///
    /// - Complexity: O(bytes of the field), amortised.
    mutating func insert(_ field: Span<UInt8>, nameLength: Int, _ kind: HTTP2Field.Kind, hasValidValue: Bool) {
        let more = field.count + HTTP2Fields.overhead
        evict(for: more)
        guard more <= sizeMax else { return }
        makeRoomForEntry()
        makeRoom(for: field.count)
        let start = bytes.count
        for index in 0..<field.count { bytes.append(field[index]) }
        newest = (newest + 1) & (entries.count - 1)
        entries[newest] = HTTP2Field(
            name: ByteRange(start..<start + nameLength), value: ByteRange(start + nameLength..<bytes.count), kind: kind,
            hasValidValue: hasValidValue)
        count += 1
        size += more
    }

    private mutating func makeRoomForEntry() {
        guard count == entries.count else { return }
        var larger = [HTTP2Field](
            repeating: HTTP2Field(name: .empty, value: .empty, kind: .other),
            count: min(max(HPACKTable.firstCount, 2 * count), HPACKTable.countLimit))
        for index in 0..<count { larger[count - 1 - index] = self[index] }
        entries = larger
        newest = (count - 1) & (larger.count - 1)
    }

    private mutating func makeRoom(for more: Int) {
        if bytes.count + more > 2 * HPACKTable.sizeLimit {
            let start = count > 0 ? Int(self[count - 1].name.start) : bytes.count
            bytes.removeFirst(start)
            for index in 0..<count {
                entries[place(index)].name.start -= UInt32(start)
                entries[place(index)].value.start -= UInt32(start)
            }
        }
        guard bytes.count + more > bytes.capacity else { return }
        // An array that grows by itself would go far beyond twice the table's size.
        bytes.reserveCapacity(min(max(256, 2 * (bytes.count + more)), 2 * HPACKTable.sizeLimit))
    }
}
