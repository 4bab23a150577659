/// SipHash-2-4 with a 128-bit result (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012).
///
/// Turns names that strangers choose into table keys that strangers cannot make collide: the key is drawn at start.
/// 128 bits are compared in full, so two names share a cell only with a probability of 2⁻¹²⁸ per pair.
package struct KeyedHash: Sendable {
    private let key: (UInt64, UInt64)

    /// Keeps the secret key.
    package init(key: (UInt64, UInt64)) { self.key = key }

    /// Hashes the UTF-8 of a string.
    ///
    /// - Complexity: O(n) in the bytes, no allocation for native strings.
    package func callAsFunction(_ text: String) -> UInt128 {
        var state = State(key: key)
        for byte in text.utf8 { state.append(byte) }
        return state.finish()
    }

    /// Hashes bytes.
    ///
    /// - Complexity: O(n), no allocation.
    package func callAsFunction(_ bytes: Span<UInt8>) -> UInt128 {
        var state = State(key: key)
        var index = 0
        while index + 8 <= bytes.count {
            // SAFETY: any eight bytes are an integer, and the span checks that they are its own.
            let word = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            state.append(word: UInt64(littleEndian: word))
            index += 8
        }
        while index < bytes.count {
            state.append(bytes[index])
            index += 1
        }
        return state.finish()
    }

    /// Begins a hash of bytes that come piece by piece.
    package func stream() -> Stream { Stream(state: State(key: key)) }

    /// The four words of the algorithm and the word being filled.
    struct State {
        private var v0, v1, v2, v3: UInt64
        private var tail: UInt64 = 0
        private(set) var count: UInt64 = 0

        /// Mixes the key in.
        init(key: (UInt64, UInt64)) {
            v0 = key.0 ^ 0x736f_6d65_7073_6575
            v1 = key.1 ^ 0x646f_7261_6e64_6f6d ^ 0xee  // 0xee selects the 128-bit variant
            v2 = key.0 ^ 0x6c79_6765_6e65_7261
            v3 = key.1 ^ 0x7465_6462_7974_6573
        }

        /// Appends one byte.
        mutating func append(_ byte: UInt8) {
            tail |= UInt64(byte) << ((count & 7) * 8)
            count &+= 1  // a length, never near 2⁶⁴
            if count & 7 == 0 {
                compress(tail)
                tail = 0
            }
        }

        /// Appends eight bytes, the first in the lowest place.
        ///
        /// - Precondition: a multiple of eight has been appended so far.
        mutating func append(word: UInt64) {
            count &+= 8  // as above
            compress(word)
        }

        @inline(__always)  // a call costs as much as a round
        private mutating func compress(_ word: UInt64) {
            v3 ^= word
            round()
            round()
            v0 ^= word
        }

        /// Ends the text.
        ///
        /// - Returns: the hash.
        mutating func finish() -> UInt128 {
            compress(tail | count << 56)
            v2 ^= 0xee
            for _ in 0..<4 { round() }
            let low = v0 ^ v1 ^ v2 ^ v3
            v1 ^= 0xdd
            for _ in 0..<4 { round() }
            return UInt128(v0 ^ v1 ^ v2 ^ v3) << 64 | UInt128(low)
        }

        @inline(__always)  // as above
        private mutating func round() {  // additions wrap by definition of the algorithm
            v0 &+= v1
            v1 = v1 << 13 | v1 >> 51
            v1 ^= v0
            v0 = v0 << 32 | v0 >> 32
            v2 &+= v3
            v3 = v3 << 16 | v3 >> 48
            v3 ^= v2
            v0 &+= v3
            v3 = v3 << 21 | v3 >> 43
            v3 ^= v0
            v2 &+= v1
            v1 = v1 << 17 | v1 >> 47
            v1 ^= v2
            v2 = v2 << 32 | v2 >> 32
        }
    }
}
