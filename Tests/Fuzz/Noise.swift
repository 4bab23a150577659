import AdmissionTestSupport

/// Bytes that are nearly right.
extension SeededGenerator {
    /// A number below a bound.
    mutating func below(_ bound: Int) -> Int {
        // The high half of a product, which is even enough and needs no division.
        Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// One of several.
    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    /// Some bytes of any kind.
    mutating func bytes(upTo count: Int) -> [UInt8] {
        (0..<below(count + 1)).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    /// An input of a corpus, changed in a few places, or now and then not at all.
    mutating func mutated(_ corpus: [[UInt8]]) -> [UInt8] {
        var bytes = pick(corpus)
        for _ in 0..<below(5) { mutate(&bytes, corpus) }
        return bytes
    }

    private mutating func mutate(_ bytes: inout [UInt8], _ corpus: [[UInt8]]) {
        guard !bytes.isEmpty else { return bytes = self.bytes(upTo: 8) }
        let index = below(bytes.count)
        switch below(9) {
        case 0: bytes[index] = UInt8(truncatingIfNeeded: next())
        case 1: bytes[index] ^= 1 << UInt8(below(8))
        case 2: bytes[index] = Noise.nasty[below(Noise.nasty.count)]
        case 3: bytes.insert(Noise.nasty[below(Noise.nasty.count)], at: index)
        case 4: bytes.removeSubrange(index..<min(bytes.count, index + 1 + below(8)))
        case 5: bytes.insert(contentsOf: bytes[index..<min(bytes.count, index + 1 + below(24))], at: index)
        case 6: bytes.removeLast(bytes.count - index)
        case 7:
            let other = pick(corpus)
            bytes.insert(contentsOf: other[below(other.count + 1)...], at: index)
        default: bytes.insert(contentsOf: repeatElement(bytes[index], count: below(200)), at: index)
        }
    }
}

/// What parsers stumble over.
enum Noise {
    static let nasty: [UInt8] =
        Array("\r\n\0 \t:;,\"\\{}[]0123456789abcdefxE+-._/?#%&=\u{7F}".utf8) + [
            0x80, 0xC0, 0xC3, 0xED, 0xF4, 0xFE, 0xFF,
        ]
}
