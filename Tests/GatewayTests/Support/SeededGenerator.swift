/// SplitMix64 (Steele, Lea and Flood 2014): every random choice of a test follows from a seed that its failure names.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

extension SeededGenerator {
    /// Cuts bytes into pieces of one to `max` bytes.
    mutating func pieces(of bytes: [UInt8], max: Int) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...max, using: &self)
            pieces.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return pieces
    }

    /// Changes a few places of a text: replaces, removes, doubles, swaps in bytes that parsers stumble over.
    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        let nasty: [UInt8] =
            Array("\r\n\0 \t:;,\"\\{}[]0123456789abcdefxeE+-._/?#%\u{7F}".utf8) + [0x80, 0xC3, 0xED, 0xFF]
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &self) where !bytes.isEmpty {
            let index = Int.random(in: 0..<bytes.count, using: &self)
            let other = nasty[Int.random(in: 0..<nasty.count, using: &self)]
            switch Int.random(in: 0..<5, using: &self) {
            case 0: bytes[index] = other
            case 1: bytes.remove(at: index)
            case 2: bytes.insert(other, at: index)
            case 3:
                let end = min(bytes.count, index + Int.random(in: 1...16, using: &self))
                bytes.insert(contentsOf: bytes[index..<end], at: index)
            default: bytes.removeLast(bytes.count - index)
            }
        }
        return bytes
    }
}
