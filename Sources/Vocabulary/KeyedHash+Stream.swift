extension KeyedHash {
    /// A hash of bytes that come piece by piece: a body while it passes, or several texts, each with its length before
    /// it, so that no two lists of texts look the same.
    ///
    /// However the bytes are cut, the hash is that of all of them in one piece.
    package struct Stream: Sendable {
        private var state: State

        /// Goes on from a state.
        init(state: State) { self.state = state }

        /// Appends bytes.
        ///
        /// - Complexity: O(n), no allocation.
        package mutating func append(_ bytes: Span<UInt8>) {
            var index = 0
            while index < bytes.count, state.count & 7 != 0 {
                state.append(bytes[index])
                index += 1
            }
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
        }

        /// Appends a number as eight bytes, the lowest first.
        package mutating func append(_ number: UInt64) {
            var rest = number
            for _ in 0..<8 {
                state.append(UInt8(truncatingIfNeeded: rest))
                rest >>= 8
            }
        }

        /// Appends a text with its length before it.
        package mutating func append(counted bytes: Span<UInt8>) {
            append(UInt64(bytes.count))
            append(bytes)
        }

        /// The hash of everything appended so far.
        package func finish() -> UInt128 {
            var state = state
            return state.finish()
        }
    }
}
