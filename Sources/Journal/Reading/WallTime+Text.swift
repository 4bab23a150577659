package import Vocabulary

extension WallTime {
    /// Reads a moment as people write it.
    ///
    /// That is a date, with or without a time, always UTC (`2026-11-21`, `2026-11-21T04:59`,
    /// `2026-11-21T04:59:02.123Z`), or how long ago it was (`90s`, `15m`, `2h`, `7d`); anything else is `nil`.
    package init?(moment text: String, now: WallTime) {
        if let age = WallTime.age(text) {
            self.init(milliseconds: now.milliseconds - age)
        } else if let milliseconds = WallTime.point(text) {
            self.init(milliseconds: milliseconds)
        } else {
            return nil
        }
    }

    /// The milliseconds of `15m`.
    private static func age(_ text: String) -> Int64? {
        let units: [Character: Int64] = ["s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
        guard let last = text.last, let unit = units[last], let count = number(text.dropLast(), digits: 1...6) else {
            return nil
        }
        return count * unit
    }

    /// The milliseconds since 1970 of a date and, after `T` or a space, a time.
    private static func point(_ text: String) -> Int64? {
        let halves = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "T" || $0 == " " }
        let date = halves[0].split(separator: "-", omittingEmptySubsequences: false)
        guard date.count == 3, let year = number(date[0], digits: 4...4), let month = number(date[1], digits: 2...2),
            let day = number(date[2], digits: 2...2)
        else { return nil }
        let days = CivilDate(year: year, month: month, day: day).dayNumber
        guard CivilDate(dayNumber: days) == CivilDate(year: year, month: month, day: day) else { return nil }
        guard halves.count == 2 else { return days * CivilDate.millisecondsPerDay }
        return timeOfDay(halves[1]).map { days * CivilDate.millisecondsPerDay + $0 }
    }

    /// The milliseconds since midnight of `04:59`, `04:59:02` or `04:59:02.123`, with or without a `Z`.
    private static func timeOfDay(_ text: Substring) -> Int64? {
        let parts = (text.last == "Z" ? text.dropLast() : text).split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let hour = number(parts[0], digits: 2...2), hour < 24,
            let minute = number(parts[1], digits: 2...2), minute < 60
        else { return nil }
        let start = hour * 3_600_000 + minute * 60_000
        guard parts.count == 3 else { return start }
        let seconds = parts[2].split(separator: ".", omittingEmptySubsequences: false)
        guard seconds.count <= 2, let second = number(seconds[0], digits: 2...2), second < 60 else { return nil }
        guard seconds.count == 2 else { return start + second * 1_000 }
        return number(seconds[1], digits: 3...3).map { start + second * 1_000 + $0 }
    }

    private static func number(_ text: Substring, digits: ClosedRange<Int>) -> Int64? {
        guard digits.contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int64(text)
    }
}
