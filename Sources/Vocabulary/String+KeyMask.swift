extension String {
    /// The text with an asterisk for every character of what looks like a key or token, behind its prefix: for all that
    /// quotes people and strangers, who put keys into the wrong place.
    ///
    /// A part of a key counts too, and any case of letters. The length stays, so that positions in the text do.
    ///
    /// - Complexity: O(n), no allocation without an underscore.
    package var withKeysMasked: String {
        guard utf8.contains(UInt8(ascii: "_")) else { return self }
        var bytes = Array(utf8)
        var position = 0
        var isMasked = false
        while let start = String.keyStart(in: bytes, from: position) {
            position = start
            while position < bytes.count, String.isAlphanumeric(bytes[position]) {
                bytes[position] = UInt8(ascii: "*")
                position += 1
                isMasked = true
            }
        }
        return isMasked ? String(decoding: bytes, as: UTF8.self) : self
    }

    /// Where the first key at or behind a position has its secret part.
    private static func keyStart(in bytes: [UInt8], from position: Int) -> Int? {
        for start in bytes.indices.dropFirst(position) where lowercased(bytes[start]) == UInt8(ascii: "h") {
            guard let prefix = keyPrefixes.first(where: { isAt(start, in: bytes, $0) }) else { continue }
            return start + prefix.utf8.count
        }
        return nil
    }

    /// How keys of tenants, tokens of operators, sessions, proofs and the like begin.
    private static let keyPrefixes = [
        "hg_live_", "hg_test_", "hg_op_", "hg_session_", "hg_proof_", "hg_enrol_", "hg_device_",
    ]

    private static func isAt(_ start: Int, in bytes: [UInt8], _ prefix: String) -> Bool {
        bytes[start...].prefix(prefix.utf8.count).elementsEqual(prefix.utf8) { lowercased($0) == $1 }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch lowercased(byte) {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }
}
