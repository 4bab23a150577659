import Testing

@testable import Gateway

@Suite("Eight bytes at once")
struct ByteWordTests {
    /// Tests of words, and what they mean for one byte.
    private let tests: [(word: (ByteWord) -> UInt64, byte: (UInt8) -> Bool)] = [
        ({ $0.equal(to: 0x0A) }, { $0 == 0x0A }),
        ({ $0.equal(to: 0xFF) }, { $0 == 0xFF }),
        ({ $0.below(0x20) }, { $0 < 0x20 }),
        ({ $0.below(0x80) }, { $0 < 0x80 }),
        ({ $0.nonASCII }, { $0 >= 0x80 }),
        ({ $0.below(0x20) | $0.equal(to: 0x7F) }, { $0 < 0x20 || $0 == 0x7F }),
        (
            { $0.nonASCII | $0.below(0x20) | $0.equal(to: 0x22) | $0.equal(to: 0x5C) },
            { $0 >= 0x80 || $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }
        ),
    ]

    @Test func `every byte is judged right, wherever it stands`() {
        for test in tests {
            for byte in UInt8.min...UInt8.max {
                for position in 0..<20 {
                    var bytes = [UInt8](repeating: 0x41, count: 20)
                    bytes[position] = byte
                    let expected = bytes.firstIndex(where: test.byte) ?? 20
                    #expect(bytes.span.firstIndex(in: 0..<20, where: test.word) == expected)
                }
            }
        }
    }

    @Test func `random bytes are judged like one after the other`() {
        for seed in 0..<UInt64(2_000) {
            var generator = SeededGenerator(seed: seed)
            let bytes = (0..<Int.random(in: 0...30, using: &generator)).map { _ in
                UInt8.random(in: .min ... .max, using: &generator)
            }
            let start = Int.random(in: 0...bytes.count, using: &generator)
            let end = Int.random(in: start...bytes.count, using: &generator)
            for test in tests {
                let expected = bytes[start..<end].firstIndex(where: test.byte) ?? end
                #expect(bytes.span.firstIndex(in: start..<end, where: test.word) == expected, "seed \(seed)")
            }
        }
    }
}
