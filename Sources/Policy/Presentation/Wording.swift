internal import Vocabulary

/// Makes phrases out of data.
enum Wording {
    /// Things in a row: `a`, `a and b`, `a, b and c`.
    static func list(_ items: [String], _ conjunction: String = "and") -> String {
        guard let last = items.last, items.count > 1 else { return items.first ?? "" }
        return items.dropLast().joined(separator: ", ") + " \(conjunction) " + last
    }

    /// The first few things in a row: `a, b and 3 more`.
    static func list(_ items: [String], max count: Int) -> String {
        guard items.count > count + 1 else { return list(items) }
        return list(items.prefix(count) + ["\(NumberText.grouped(items.count - count)) more"])
    }

    /// Classes by name: `class repair`, `classes export and repair`.
    static func classes(_ names: [String]) -> String { "\(names.count == 1 ? "class" : "classes") \(list(names))" }

    /// The text with a capital first letter.
    static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    /// A rate in the period that the policy states it in: `300 requests per second`, `7 requests per 3 seconds`; in
    /// requests per second where that is as exact and easier to read.
    static func rate(_ rate: Rate, _ singular: String = "request", _ plural: String = "requests") -> String {
        let (count, unit) = period(rate.period)
        if count != 1 || rate.period < .second, Pace(rate).isLegiblePerSecond {
            return Pace(rate).words(singular, plural)
        }
        let noun = rate.amount == 1 ? singular : plural
        return "\(NumberText.grouped(rate.amount)) \(noun) per \(count == 1 ? unit : "\(count) \(unit)s")"
    }

    /// A rate for tables, with its thousands grouped: `5,000/s`, `7/3s`.
    static func shortRate(_ rate: Rate) -> String {
        let isPlain = period(rate.period).count == 1 && rate.period >= .second
        if !isPlain, Pace(rate).isLegiblePerSecond { return Pace(rate).text }
        let text = rate.description
        return NumberText.grouped(rate.amount) + text[(text.firstIndex(of: "/") ?? text.endIndex)...]
    }

    /// A length of time: `30 seconds`.
    static func duration(_ time: Nanoseconds) -> String {
        let (count, unit) = period(time)
        return NumberText.count(count, unit, unit + "s")
    }

    /// A length of time in the largest unit that divides it.
    private static func period(_ time: Nanoseconds) -> (count: Int64, unit: String) {
        let units: [(Int64, String)] = [
            (86_400_000_000_000, "day"), (3_600_000_000_000, "hour"), (60_000_000_000, "minute"),
            (1_000_000_000, "second"), (1_000_000, "millisecond"), (1_000, "microsecond"),
        ]
        for (size, name) in units where time.count % size == 0 { return (time.count / size, name) }
        return (time.count, "nanosecond")
    }
}
