/// A dictionary whose copies share what none of them has changed: some thousand small dictionaries.
///
/// Commands are judged on a copy of what holds, and a copy is saved while changes go on. A change of a flat dictionary
/// of a million entries would copy all of them as long as there is such a copy; here it copies one part of them.
package struct SharedDictionary<Value: Sendable>: Sendable {
    private var parts: [[String: Value]] = Array(repeating: [:], count: 1 << partBits)
    /// How many entries there are.
    package private(set) var count = 0

    /// A million entries make parts of 250, and the list of parts has 32 KB.
    private static var partBits: Int { 12 }

    /// No entries.
    package init() {}

    /// The value of a key.
    ///
    /// - Complexity: O(1); where a copy shares the part that is changed, O(entries of the part).
    package subscript(key: String) -> Value? {
        get { parts[Self.part(of: key)][key] }
        _modify {
            let part = Self.part(of: key)
            let before = parts[part].count
            defer { count += parts[part].count - before }
            yield &parts[part][key]
        }
    }

    /// All values, in no order.
    package var values: some Sequence<Value> { parts.lazy.flatMap(\.values) }

    /// Takes over the entries of another dictionary.
    ///
    /// - Complexity: O(n) in the other one, and O(parts) where this one is empty.
    mutating func merge(_ other: SharedDictionary) {
        guard count > 0 else {
            self = other
            return
        }
        for part in parts.indices { parts[part].merge(other.parts[part]) { $1 } }
        count = parts.reduce(0) { $0 + $1.count }
    }

    private static func part(of key: String) -> Int {
        var hasher = Hasher()
        hasher.combine(key)
        // The parts' own hashes begin with other seeds.
        return hasher.finalize() >> 7 & (1 << partBits - 1)
    }
}

extension SharedDictionary: Equatable where Value: Equatable {}
