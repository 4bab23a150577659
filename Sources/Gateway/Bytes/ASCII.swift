/// The characters that HTTP and JSON are made of, and the classes that RFC 9110 §5.6 sorts them into.
package enum ASCII {
    /// Horizontal tab.
    package static var tab: UInt8 { 0x09 }
    /// The end of a line.
    package static var lineFeed: UInt8 { 0x0A }
    /// What comes before a line feed in HTTP, and nowhere else.
    package static var carriageReturn: UInt8 { 0x0D }
    /// A blank.
    package static var space: UInt8 { 0x20 }
    /// A quotation mark.
    package static var quote: UInt8 { 0x22 }
    /// A comma.
    package static var comma: UInt8 { 0x2C }
    /// A slash.
    package static var slash: UInt8 { 0x2F }
    /// The digit zero.
    package static var zero: UInt8 { 0x30 }
    /// A colon.
    package static var colon: UInt8 { 0x3A }
    /// A backslash.
    package static var backslash: UInt8 { 0x5C }
    /// The control character behind the visible ones.
    package static var delete: UInt8 { 0x7F }

    /// Whether the byte may stand in a method or a field name: `tchar` of RFC 9110 §5.6.2.
    ///
    /// The two masks have bit `n` set where the character with the code `n` (or `n - 64`) is a letter, a digit or one
    /// of ``!#$%&'*+-.^_`|~``.
    package static func isToken(_ byte: UInt8) -> Bool {
        let low: UInt64 = 0x03FF_6CFA_0000_0000
        let high: UInt64 = 0x57FF_FFFF_C7FF_FFFE
        let mask = byte < 64 ? low : high
        return byte < 128 && mask >> UInt64(byte & 63) & 1 == 1
    }

    /// Whether the byte may stand in a field value: a tab, a space, a visible character or one beyond ASCII
    /// (RFC 9110 §5.5).
    package static func isFieldContent(_ byte: UInt8) -> Bool {
        byte >= space && byte != 0x7F || byte == tab
    }

    /// Whether the byte may stand in a request target: a visible character but `#`, which begins what a client keeps
    /// to itself (RFC 9112 §3.2, RFC 3986 §3.5).
    package static func isTarget(_ byte: UInt8) -> Bool { byte > space && byte < 0x7F && byte != 0x23 }

    /// Whether the byte is a space or a tab: optional white space of RFC 9110 §5.6.3.
    package static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }

    /// A letter in lower case; anything else as it is.
    package static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    /// Whether the byte is a decimal digit.
    package static func isDigit(_ byte: UInt8) -> Bool { byte &- zero < 10 }  // wraps below zero: not a digit

    /// The value of a hexadecimal digit, either case.
    package static func hexadecimalValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    /// The digit that stands for a value below 16, in lower case.
    package static func hexadecimalDigit(_ value: UInt8) -> UInt8 { value < 10 ? value + 0x30 : value + 0x57 }
}
