/// How far the clocks of a zone are ahead of UTC, in milliseconds, and when in a year they are changed.
///
/// After the rules of `TZ` in IEEE Std 1003.1, with hours from -167 to 167 as RFC 9636 §3.3.1 has them.
struct ZoneRule: Hashable, Sendable {
    /// How far they are ahead outside of the time between the turns.
    let standard: Int64
    /// How far they are ahead between the turns.
    let daylight: Int64
    /// When they are changed; `nil`: never.
    let turns: Turns?

    /// The two changes of a year.
    struct Turns: Hashable, Sendable {
        /// The one to `daylight`, by the clock that shows `standard`.
        let first: Turn
        /// The one back, by the clock that shows `daylight`.
        let second: Turn
    }

    /// A moment of every year: a weekday of a month, and a time of that day.
    struct Turn: Hashable, Sendable {
        /// 1 to 12.
        let month: Int64
        /// The how manieth such weekday of the month; 5 is the last.
        let week: Int64
        /// 0 is Sunday.
        let weekday: Int64
        /// Milliseconds after midnight; may lie in a neighbouring day.
        let time: Int64

        /// The moment in a year, as the clock shows it.
        func local(in year: Int64) -> Int64 {
            let first = CivilDate(year: year, month: month, day: 1).dayNumber
            let next =
                month == 12
                ? CivilDate(year: year + 1, month: 1, day: 1) : CivilDate(year: year, month: month + 1, day: 1)
            // 1970-01-01 was a Thursday, the fourth day after a Sunday.
            let weekdayOfFirst = first + 4 - (first + 4).flooredQuotient(7) * 7
            var day = first + (weekday - weekdayOfFirst + 7) % 7 + (week - 1) * 7
            if day >= next.dayNumber { day -= 7 }
            return day * CivilDate.millisecondsPerDay + time
        }
    }

    /// How far clocks are ahead at a moment.
    func offset(at moment: Int64) -> Int64 {
        guard let turns else { return standard }
        let (first, second) = moments(of: turns, in: year(at: moment))
        // In the south, the time between the turns goes over the end of the year.
        let isDaylight = first < second ? first <= moment && moment < second : first <= moment || moment < second
        return isDaylight ? daylight : standard
    }

    /// The first moment at which clocks show a time, or the one at which they leave it out.
    func instant(ofLocal local: Int64) -> Int64 {
        let (early, late) = (local - max(standard, daylight), local - min(standard, daylight))
        guard let turns, early < late else { return late }
        if offset(at: early) == max(standard, daylight) { return early }
        if offset(at: late) == min(standard, daylight) { return late }
        let (first, second) = moments(of: turns, in: year(at: late))
        return daylight > standard ? first : second
    }

    private func year(at moment: Int64) -> Int64 {
        CivilDate(dayNumber: (moment + standard).flooredQuotient(CivilDate.millisecondsPerDay)).year
    }

    private func moments(of turns: Turns, in year: Int64) -> (first: Int64, second: Int64) {
        (turns.first.local(in: year) - standard, turns.second.local(in: year) - daylight)
    }
}

extension ZoneRule {
    /// Reads a rule such as `CET-1CEST,M3.5.0,M10.5.0/3`; `nil` for one of another form.
    init?(posix text: Substring) {
        var rest = text
        guard rest.takeName(), let west = rest.takeTime() else { return nil }
        standard = -west
        guard !rest.isEmpty else {
            daylight = standard
            turns = nil
            return
        }
        guard rest.takeName() else { return nil }
        // An hour ahead, unless it says otherwise.
        daylight = rest.first == "," ? standard + 3_600_000 : -(rest.takeTime() ?? 0)
        guard let first = Turn(taking: &rest), let second = Turn(taking: &rest), rest.isEmpty else { return nil }
        turns = Turns(first: first, second: second)
    }
}

extension ZoneRule.Turn {
    /// Reads `,M3.5.0/2` off the beginning of a text.
    fileprivate init?(taking rest: inout Substring) {
        guard rest.hasPrefix(",M") else { return nil }
        let text = rest.dropFirst(2).prefix { $0 != "," }
        rest = rest.dropFirst(2 + text.count)
        let parts = text.split(separator: "/", maxSplits: 1)
        let numbers = parts.first?.split(separator: ".").compactMap { Int64($0) } ?? []
        guard numbers.count == 3 else { return nil }
        (month, week, weekday) = (numbers[0], numbers[1], numbers[2])
        var stated = parts.count == 2 ? parts[1] : "2"
        guard let time = stated.takeTime(), stated.isEmpty else { return nil }
        self.time = time
    }
}

extension Substring {
    /// Takes the name of a time off: letters, or anything in angle brackets.
    fileprivate mutating func takeName() -> Bool {
        if first == "<" {
            guard let end = firstIndex(of: ">") else { return false }
            self = self[index(after: end)...]
            return true
        }
        let name = prefix { $0.isLetter }
        self = dropFirst(name.count)
        return !name.isEmpty
    }

    /// Takes hours, minutes and seconds off, in milliseconds: `-3:30`.
    fileprivate mutating func takeTime() -> Int64? {
        let sign: Int64 = first == "-" ? -1 : 1
        if first == "-" || first == "+" { removeFirst() }
        let digits = prefix { $0.isNumber || $0 == ":" }
        self = dropFirst(digits.count)
        let numbers = digits.split(separator: ":").compactMap { Int64($0) }
        guard (1...3).contains(numbers.count) else { return nil }
        return sign * zip(numbers, [3_600_000, 60_000, 1_000]).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
