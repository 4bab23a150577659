/// The Huffman code of HPACK (RFC 7541 appendix B).
///
/// The code is canonical: codes of one length are consecutive numbers in the order of their letters, and the first of
/// the next length follows the last. The lengths are therefore all that has to be written down.
struct HuffmanCode {
    /// For each first byte: the letter in the low eight bits and its length above them; 0 if the code is longer.
    private var short = InlineArray<256, UInt16>(repeating: 0)
    /// For each length beyond eight: where its codes end, as the first 32 bits of what follows them.
    private var ends = InlineArray<31, UInt32>(repeating: 0)
    /// For each length: what to add to a code for its place in `letters`.
    private var offsets = InlineArray<31, Int>(repeating: 0)
    /// The letters in the order of their codes; 256 is the end.
    private var letters: [UInt16] = []

    /// The code; made once.
    static let standard = HuffmanCode()

    /// The number that stands for the end of a text, and must not be in one.
    private static let end: UInt16 = 256
    private static let lengthMax = 30

    private init() {
        var code: UInt32 = 0
        for length in 1...HuffmanCode.lengthMax {
            offsets[length] = letters.count - Int(code)
            for letter in HuffmanCode.lengths.indices where HuffmanCode.lengths[letter] == length {
                if length <= 8 {
                    let first = Int(code) << (8 - length)
                    for index in first..<first + 1 << (8 - length) {
                        short[index] = UInt16(length) << 8 | UInt16(letter)
                    }
                }
                letters.append(UInt16(letter))
                code += 1
            }
            // The code of 30 bits ends with ones only: what would follow them has no 32 bits.
            ends[length] = length == HuffmanCode.lengthMax ? .max : code << UInt32(32 - length)
            code <<= 1
        }
    }

    /// Appends the text that a code stands for.
    ///
    /// - Throws: `compression` for the end as a letter, and for what follows the last letter unless it is fewer than
    ///   eight ones (RFC 7541 §5.2).
    /// - Complexity: O(n).
    func decode(_ code: Span<UInt8>, into text: inout ByteWriter) throws(HTTP2ErrorCode) {
        var bits: UInt64 = 0  // the next ones, from the highest place down
        var count = 0  // how many of them there are
        var position = 0
        while true {
            while count <= 56, position < code.count {
                bits |= UInt64(code[position]) << UInt64(56 - count)
                position += 1
                count += 8
            }
            guard count > 0 else { return }
            let (letter, length) = next(bits)
            if length > count {
                guard count < 8, bits == ~(UInt64.max >> UInt64(count)) else { throw .compression }
                return
            }
            guard letter != HuffmanCode.end else { throw .compression }
            text.write(UInt8(truncatingIfNeeded: letter))
            bits <<= UInt64(length)
            count -= length
        }
    }

    /// The letter that bits begin with, and how many of them it takes.
    @inline(__always)  // once per letter
    private func next(_ bits: UInt64) -> (letter: UInt16, length: Int) {
        let found = short[Int(bits >> 56)]
        if found != 0 { return (found & 0xFF, Int(found >> 8)) }
        let top = UInt32(truncatingIfNeeded: bits >> 32)
        var length = 9
        while length < HuffmanCode.lengthMax, top >= ends[length] { length += 1 }
        // Thirty ones and two zeros are the last code; beyond it there is nothing.
        return (letters[min(offsets[length] + Int(top >> UInt32(32 - length)), letters.count - 1)], length)
    }

    /// The length of each letter's code in bits, and of the end's.
    private static let lengths: [UInt8] = [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
        28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
        6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
        21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
        19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    ]
}
