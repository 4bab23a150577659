/// Matches values against patterns in which each `*` stands for any bytes, also for none.
enum ValuePattern {
    /// The byte that stands for any others.
    static let star = UInt8(ascii: "*")

    /// Whether all of a value fits a pattern.
    ///
    /// Greedy: after a star, the first place where the rest of the pattern up to the next star fits is as good as any
    /// later one, so only the last star ever has to be tried again.
    ///
    /// - Complexity: O(value · longest piece between stars), no allocation.
    static func matches(_ value: Span<UInt8>, _ pattern: Span<UInt8>) -> Bool {
        var (place, next) = (0, 0)
        var retry: (place: Int, next: Int)?
        while place < value.count {
            if next < pattern.count, pattern[next] == star {
                next += 1
                retry = (place, next)
            } else if next < pattern.count, pattern[next] == value[place] {
                (place, next) = (place + 1, next + 1)
            } else if let last = retry {
                (place, next) = (last.place + 1, last.next)
                retry = (place, next)
            } else {
                return false
            }
        }
        while next < pattern.count, pattern[next] == star { next += 1 }
        return next == pattern.count
    }

    /// The pattern with each run of stars as one, which matches the same.
    static func canonical(_ pattern: String) -> String {
        var bytes: [UInt8] = []
        for byte in pattern.utf8 where byte != star || bytes.last != star { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether one pattern is tried before another: more bytes before the first star, then more bytes in all, then the
    /// smaller bytes.
    static func precedes(_ first: String, _ second: String) -> Bool {
        let (left, right) = (Array(first.utf8), Array(second.utf8))
        let prefixes = (left.prefix { $0 != star }.count, right.prefix { $0 != star }.count)
        if prefixes.0 != prefixes.1 { return prefixes.0 > prefixes.1 }
        let literals = (left.count { $0 != star }, right.count { $0 != star })
        if literals.0 != literals.1 { return literals.0 > literals.1 }
        return left.lexicographicallyPrecedes(right)
    }
}

extension Sequence<DescriptorNode> {
    /// The nodes as a domain and a node hold them, so that equal limits are equal whatever order they are written in.
    func inCanonicalOrder() -> [DescriptorNode] {
        sorted { first, second in
            guard Array(first.key.utf8) == Array(second.key.utf8) else {
                return first.key.utf8.lexicographicallyPrecedes(second.key.utf8)
            }
            guard let left = first.value, let right = second.value else {
                return first.value != nil && second.value == nil
            }
            if first.isPattern != second.isPattern { return second.isPattern }
            return first.isPattern
                ? ValuePattern.precedes(left, right) : left.utf8.lexicographicallyPrecedes(right.utf8)
        }
    }
}
