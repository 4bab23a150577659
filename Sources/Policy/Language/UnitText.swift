internal import Vocabulary

/// Reads amounts with units as policies write them: `300/s`, `500ms`, `12.5%`, `5_000_000/month`, `10GB`.
///
/// Nothing is rounded and nothing is guessed: what has two readings is refused with both of them.
package enum UnitText {
    /// Why a text is no amount of the kind that is wanted.
    package struct Problem: Error, Hashable, Sendable {
        /// What is wrong.
        package let message: String
        /// What to write instead.
        package let suggestion: String?

        /// States a problem.
        package init(_ message: String, suggestion: String? = nil) {
            self.message = message
            self.suggestion = suggestion
        }
    }

    /// Reads a whole number; digits may be grouped with `_`.
    package static func wholeNumber(_ text: some StringProtocol) throws(Problem) -> Int64 {
        let digits = text.utf8.filter { $0 != UInt8(ascii: "_") }
        guard !digits.isEmpty, digits.allSatisfy(isDigit), !text.hasPrefix("_"), !text.hasSuffix("_") else {
            throw notWhole(String(text))
        }
        var number: Int64 = 0
        for digit in digits {
            let (tens, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, carried) = tens.addingReportingOverflow(Int64(digit - UInt8(ascii: "0")))
            guard !overflow, !carried else {
                throw Problem("the number \(String(text).quoted) is too large", suggestion: "at most \(Int64.max)")
            }
            number = sum
        }
        return number
    }

    private static func notWhole(_ text: String) -> Problem {
        if text.hasPrefix("-"), text.utf8.dropFirst().allSatisfy(isDigit) {
            return Problem("the number \(text.quoted) is negative", suggestion: "write a positive whole number")
        }
        return Problem(
            "\(text.quoted) is not a whole number", suggestion: "write digits only; `_` may group them, as in `5_000`")
    }

    /// Whether a byte is one of 0 to 9.
    static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

    /// The leading digits, dots, signs and underscores of a text, and what follows them.
    static func split(_ text: some StringProtocol) -> (number: String, unit: String) {
        let isOfNumber = { (byte: UInt8) in isDigit(byte) || "_.-+".utf8.contains(byte) }
        let utf8 = text.utf8
        let end = utf8.firstIndex { !isOfNumber($0) } ?? utf8.endIndex
        return (String(text[..<end]), String(text[end...]))
    }

    /// A decimal number as digits and a power of ten: `12.5` is 125 and 10.
    static func decimal(_ text: String) -> (digits: Int64, scale: Int64)? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, (1...6).contains(parts[1].utf8.count),
            let digits = try? wholeNumber(parts[0] + parts[1])
        else { return nil }
        return (digits, parts[1].reduce(1) { scale, _ in scale * 10 })
    }
}
