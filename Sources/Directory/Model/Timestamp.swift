package import Vocabulary

/// Moments as a directory writes them: RFC 3339, seconds, UTC.
package enum Timestamp {
    /// `2026-11-21T00:00:00Z`; milliseconds only where there are any.
    package static func text(_ moment: WallTime) -> String {
        let text = moment.description
        return text.hasSuffix(".000Z") ? text.dropLast(5) + "Z" : text
    }

    /// Reads a date, which is its first moment in UTC, or a date with time and offset (RFC 3339 §5.6).
    ///
    /// - Returns: `nil` for anything else, and outside of the years 1970 to 9999.
    package static func moment(_ text: String) -> WallTime? {
        var scanner = Scanner(bytes: Array(text.utf8))
        guard let date = scanner.date() else { return nil }
        var milliseconds = date.dayNumber * CivilDate.millisecondsPerDay
        if !scanner.isAtEnd {
            guard scanner.take("T") || scanner.take("t") || scanner.take(" "),
                let time = scanner.timeOfDay(), let offset = scanner.offset(), scanner.isAtEnd
            else { return nil }
            milliseconds += time - offset
        }
        return WallTime(milliseconds: milliseconds)
    }

    /// The moment without its fraction of a second, which the text form would make longer and nobody needs.
    package static func wholeSeconds(_ moment: WallTime) -> WallTime {
        WallTime(milliseconds: moment.milliseconds.flooredQuotient(1_000) * 1_000)
    }

    /// Reads the parts one after the other; a part that is not there is `nil`.
    private struct Scanner {
        let bytes: [UInt8]
        var position = 0

        var isAtEnd: Bool { position == bytes.count }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
            position += 1
            return true
        }

        mutating func number(digits: Int, in range: ClosedRange<Int64>) -> Int64? {
            guard position + digits <= bytes.count else { return nil }
            var value: Int64 = 0
            for byte in bytes[position..<position + digits] {
                guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
                value = value * 10 + Int64(byte - UInt8(ascii: "0"))
            }
            position += digits
            return range.contains(value) ? value : nil
        }

        mutating func date() -> CivilDate? {
            guard let year = number(digits: 4, in: 1970...9999), take("-"),
                let month = number(digits: 2, in: 1...12), take("-"),
                let day = number(digits: 2, in: 1...31)
            else { return nil }
            let date = CivilDate(year: year, month: month, day: day)
            return CivilDate(dayNumber: date.dayNumber) == date ? date : nil  // the 30th of February is none
        }

        mutating func timeOfDay() -> Int64? {
            guard let hour = number(digits: 2, in: 0...23), take(":"),
                let minute = number(digits: 2, in: 0...59), take(":"),
                let second = number(digits: 2, in: 0...59)
            else { return nil }
            var milliseconds: Int64 = 0
            if take(".") {
                guard let first = number(digits: 1, in: 0...9) else { return nil }
                milliseconds = first * 100
                var weight: Int64 = 10
                while let digit = number(digits: 1, in: 0...9) {
                    milliseconds += digit * weight
                    weight /= 10
                }
            }
            return ((hour * 60 + minute) * 60 + second) * 1_000 + milliseconds
        }

        mutating func offset() -> Int64? {
            if take("Z") || take("z") { return 0 }
            let isEast = take("+")
            guard isEast || take("-"), let hours = number(digits: 2, in: 0...23), take(":"),
                let minutes = number(digits: 2, in: 0...59)
            else { return nil }
            return (hours * 60 + minutes) * 60_000 * (isEast ? 1 : -1)
        }
    }
}
