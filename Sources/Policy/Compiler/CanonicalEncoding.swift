/// Writes values so that equal values give equal bytes and different ones different bytes.
///
/// Every value begins with its kind, every text and list with its length, so no two sequences of values run into each
/// other.
struct CanonicalEncoding {
    /// What has been written.
    private(set) var bytes: [UInt8] = []

    /// Writes a text.
    mutating func text(_ text: String) {
        bytes += Array("s\(text.utf8.count):\(text)".utf8)
    }

    /// Writes a number.
    mutating func number(_ number: some BinaryInteger) {
        bytes += Array("i\(number);".utf8)
    }

    /// Writes a list, its items in the order given.
    mutating func list<Item>(_ items: some Collection<Item>, _ write: (inout CanonicalEncoding, Item) -> Void) {
        bytes += Array("l\(items.count):".utf8)
        for item in items { write(&self, item) }
    }

    /// Writes a set: the encodings of its items, sorted.
    mutating func set<Item>(_ items: some Collection<Item>, _ write: (inout CanonicalEncoding, Item) -> Void) {
        let encoded = items.map { item in
            var encoding = CanonicalEncoding()
            write(&encoding, item)
            return encoding.bytes
        }
        bytes += Array("l\(items.count):".utf8)
        for item in encoded.sorted(by: { $0.lexicographicallyPrecedes($1) }) { bytes += item }
    }

    /// Writes a value that may be absent.
    mutating func optional<Value>(_ value: Value?, _ write: (inout CanonicalEncoding, Value) -> Void) {
        if let value { write(&self, value) } else { bytes.append(UInt8(ascii: "n")) }
    }
}
