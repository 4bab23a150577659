/// An address of a network, version 4 or 6, as 128 bits: version 4 lies in `::ffff:0:0/96` (RFC 4291 §2.5.5.2).
package struct IPAddress: Hashable, Sendable, BitwiseCopyable {
    /// The bits, the first of the text in the highest place.
    package let bits: UInt128

    /// What stands in front of an address of version 4.
    private static let mapped: UInt128 = 0xFFFF << 32
    /// Bits in front of an address of version 4.
    package static let mappedBits = 96

    /// Wraps bits.
    package init(bits: UInt128) { self.bits = bits }

    /// An address of version 4.
    package init(version4: UInt32) { bits = IPAddress.mapped | UInt128(version4) }

    /// Whether it is one of version 4.
    package var isVersion4: Bool { bits >> 32 == 0xFFFF }

    /// Whether it is the machine itself, or no address at all: such a one is never anybody's.
    package var isLocal: Bool {
        bits <= 1
            || (isVersion4 && (UInt32(truncatingIfNeeded: bits) >> 24 == 127 || UInt32(truncatingIfNeeded: bits) == 0))
    }

    /// The first bits, the others zero.
    package func prefix(_ length: Int) -> UInt128 {
        length <= 0 ? 0 : bits & (UInt128.max << UInt128(128 - min(length, 128)))
    }
}

extension IPAddress {
    /// Reads an address as proxies write it: `192.0.2.7`, `2001:db8::7`, with a port behind it as `192.0.2.7:443` or
    /// `[2001:db8::7]:443`.
    ///
    /// What is written in another way is no address, `010.0.0.1` among it, which programs read differently.
    ///
    /// - Complexity: O(n), no allocation.
    package init?(_ text: Span<UInt8>) {
        guard text.count <= 64, !text.isEmpty else { return nil }
        if text[0] == UInt8(ascii: "[") {
            guard let end = IPAddress.index(of: UInt8(ascii: "]"), in: text, from: 1),
                end + 1 == text.count || text[end + 1] == UInt8(ascii: ":"),
                let bits = IPAddress.version6(text, 1..<end)
            else { return nil }
            self.init(bits: bits)
            return
        }
        let colon = IPAddress.index(of: UInt8(ascii: ":"), in: text, from: 0)
        let dot = IPAddress.index(of: UInt8(ascii: "."), in: text, from: 0)
        if let dot, colon.map({ $0 > dot }) ?? true {
            guard let number = IPAddress.version4(text, 0..<(colon ?? text.count)) else { return nil }
            self.init(version4: number)
        } else {
            guard let bits = IPAddress.version6(text, 0..<text.count) else { return nil }
            self.init(bits: bits)
        }
    }

    /// Reads an address from a text.
    package init?(_ text: String) {
        var copy = text
        copy.makeContiguousUTF8()
        guard let address = IPAddress(copy.utf8.span) else { return nil }
        self = address
    }

    private static func index(of byte: UInt8, in text: Span<UInt8>, from start: Int) -> Int? {
        for index in start..<text.count where text[index] == byte { return index }
        return nil
    }

    /// Four numbers of at most 255 without needless zeros.
    private static func version4(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt32? {
        var (address, number, digits, parts) = (UInt32(0), UInt32(0), 0, 1)
        for index in range {
            let byte = text[index]
            if byte == UInt8(ascii: ".") {
                guard digits > 0, parts < 4 else { return nil }
                address = address << 8 | number
                (number, digits, parts) = (0, 0, parts + 1)
                continue
            }
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), digits < 3, digits == 0 || number > 0 else {
                return nil
            }
            number = number * 10 + UInt32(byte - UInt8(ascii: "0"))
            digits += 1
            guard number <= 255 else { return nil }
        }
        return parts == 4 && digits > 0 ? address << 8 | number : nil
    }

    /// Eight groups of at most four digits, of which `::` stands for those that are zero; the last two may be written
    /// as version 4.
    private static func version6(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt128? {
        var (head, headCount): (UInt128, Int) = (0, 0)
        var tail: (bits: UInt128, count: Int)?
        var index = range.lowerBound
        func add(_ value: UInt128, groups: Int) -> Bool {
            if let former = tail {
                tail = (former.bits << UInt128(16 * groups) | value, former.count + groups)
            } else {
                (head, headCount) = (head << UInt128(16 * groups) | value, headCount + groups)
            }
            return headCount + (tail?.count ?? 0) <= 8
        }
        if isColon(text, index, range) {
            guard isColon(text, index + 1, range) else { return nil }
            tail = (0, 0)
            index += 2
        }
        while index < range.upperBound {
            let end = IPAddress.endOfGroup(text, index..<range.upperBound)
            if end < range.upperBound, text[end] == UInt8(ascii: ".") {
                guard let number = version4(text, index..<range.upperBound), add(UInt128(number), groups: 2) else {
                    return nil
                }
                index = range.upperBound
                break
            }
            guard let group = group(text, index..<end), add(group, groups: 1) else { return nil }
            index = end
            guard index < range.upperBound else { break }
            index += 1
            if isColon(text, index, range) {
                guard tail == nil else { return nil }
                tail = (0, 0)
                index += 1
            } else if index == range.upperBound {
                return nil
            }
        }
        guard let tail else { return headCount == 8 ? head : nil }
        guard headCount + tail.count < 8 else { return nil }
        return headCount == 0 ? tail.bits : head << UInt128(16 * (8 - headCount)) | tail.bits
    }

    private static func isColon(_ text: Span<UInt8>, _ index: Int, _ range: Range<Int>) -> Bool {
        index < range.upperBound && text[index] == UInt8(ascii: ":")
    }

    /// Where digits of a group end.
    private static func endOfGroup(_ text: Span<UInt8>, _ range: Range<Int>) -> Int {
        for index in range where text[index] == UInt8(ascii: ":") || text[index] == UInt8(ascii: ".") { return index }
        return range.upperBound
    }

    private static func group(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt128? {
        guard (1...4).contains(range.count) else { return nil }
        var number: UInt128 = 0
        for index in range {
            let byte = text[index] | 0x20
            switch text[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt128(text[index] - UInt8(ascii: "0"))
            case _ where byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "f"):
                number = number << 4 | UInt128(byte - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return number
    }
}

extension IPAddress: CustomStringConvertible {
    /// As RFC 5952 writes it, but for version 4 in the last two groups of other addresses.
    package var description: String {
        if isVersion4 { return (0..<4).map { String(bits >> UInt128(24 - 8 * $0) & 0xFF) }.joined(separator: ".") }
        let groups = (0..<8).map { Int(truncatingIfNeeded: bits >> UInt128(112 - 16 * $0) & 0xFFFF) }
        let run = IPAddress.longestRunOfZeros(groups)
        func text(_ part: ArraySlice<Int>) -> String { part.map { String($0, radix: 16) }.joined(separator: ":") }
        guard run.count > 1 else { return text(groups[...]) }
        return "\(text(groups[..<run.lowerBound]))::\(text(groups[run.upperBound...]))"
    }

    private static func longestRunOfZeros(_ groups: [Int]) -> Range<Int> {
        var (best, start) = (0..<0, 0)
        for index in 0...groups.count where index == groups.count || groups[index] != 0 {
            if index - start > best.count { best = start..<index }
            start = index + 1
        }
        return best
    }
}
