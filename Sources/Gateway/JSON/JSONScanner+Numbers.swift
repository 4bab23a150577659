extension JSONScanner {
    /// Reads an integer: digits without a fraction or an exponent, so that what was meant is what is read.
    package mutating func readInteger(atLeast minimum: Int64 = .min) throws(JSONError) -> Int64 {
        let kind = try peek()
        let start = offset
        guard kind == .number else { throw notInteger(minimum, found: "\(kind.noun)", at: start) }
        let number = try readNumber()
        guard number.isInteger else { throw notInteger(minimum, found: quoted(number.range), at: start) }
        guard let value = integer(in: number.range.range) else {
            throw invalid("must be an integer that fits into 64 bits, found \(quoted(number.range))", at: start)
        }
        guard value >= minimum else { throw notInteger(minimum, found: "\(value)", at: start) }
        return value
    }

    private func notInteger(_ minimum: Int64, found: String, at start: Int) -> JSONError {
        let wanted = minimum == .min ? "an integer" : "an integer of at least \(minimum)"
        return invalid("must be \(wanted), found \(found)", at: start)
    }

    /// Reads any number as the nearest binary fraction; one that is too large for any is refused.
    package mutating func readDouble() throws(JSONError) -> Double {
        try expect(.number)
        let start = offset
        let number = try readNumber()
        guard let value = Double(string(number.range)), value.isFinite else {
            throw invalid("must be a number of at most 1.8e308, found \(quoted(number.range))", at: start)
        }
        return value
    }

    /// Reads a number as it is written.
    package mutating func readNumber() throws(JSONError) -> (range: ByteRange, isInteger: Bool) {
        try expect(.number)
        let start = offset
        if bytes[offset] == UInt8(ascii: "-") { offset += 1 }
        let hasLeadingZero = offset < bytes.count && bytes[offset] == ASCII.zero
        let digits = try skipDigits()
        guard digits == 1 || !hasLeadingZero else { throw syntax("a number begins with a needless zero", at: start) }
        let integerEnd = offset
        if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
            offset += 1
            _ = try skipDigits()
        }
        if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
            offset += 1
            if offset < bytes.count, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") {
                offset += 1
            }
            _ = try skipDigits()
        }
        return (ByteRange(start..<offset), offset == integerEnd)
    }

    private mutating func skipDigits() throws(JSONError) -> Int {
        let start = offset
        while offset < bytes.count, ASCII.isDigit(bytes[offset]) { offset += 1 }
        guard offset > start else { throw syntax("a digit is missing") }
        return offset - start
    }

    /// The value of digits and a sign, unless it needs more than 64 bits.
    private func integer(in range: Range<Int>) -> Int64? {
        let isNegative = bytes[range.lowerBound] == UInt8(ascii: "-")
        var value: Int64 = 0
        for index in isNegative ? range.dropFirst() : range {
            let digit = Int64(bytes[index] - ASCII.zero)
            // Negative numbers reach one further, so every number is built below zero.
            let (scaled, scaleOverflows) = value.multipliedReportingOverflow(by: 10)
            let (next, overflows) = scaled.subtractingReportingOverflow(digit)
            guard !scaleOverflows, !overflows else { return nil }
            value = next
        }
        guard !isNegative else { return value }
        return value == .min ? nil : -value
    }
}
