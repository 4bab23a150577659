package import Vocabulary

extension UnitText {
    /// The units of time with their lengths in nanoseconds.
    private static let timeUnits: [String: Int64] = [
        "ms": 1_000_000, "s": 1_000_000_000, "min": 60_000_000_000, "h": 3_600_000_000_000,
        "d": 86_400_000_000_000, "day": 86_400_000_000_000,
    ]

    /// Other ways in which people write units of time, with ours.
    private static let otherTimeUnits: [String: String] = [
        "msec": "ms", "millis": "ms", "millisecond": "ms", "milliseconds": "ms",
        "sec": "s", "secs": "s", "second": "s", "seconds": "s", "mins": "min", "minute": "min", "minutes": "min",
        "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "days": "day",
    ]

    /// Reads an amount per period: `300/s`, `7/3s`, `1000/min`, `10/h`, `100000/day`.
    package static func rate(_ text: String) throws(Problem) -> Rate {
        try refuseSpaces(in: text, rate)
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            guard parts.count == 1, let number = try? wholeNumber(text) else { throw notARate(text) }
            throw Problem(
                "the rate \(text.quoted) names no period",
                suggestion: "write `\(number)/s`, `\(number)/min`, `\(number)/h` or `\(number)/day`")
        }
        let period = try period(parts[1], of: text)
        guard decimal(parts[0]) == nil else { throw fractional(parts[0], per: period) }
        guard split(parts[0]).unit.isEmpty else { throw notARate(text) }
        let amount = try wholeNumber(parts[0])
        guard amount > 0 else {
            throw Problem("the rate \(text.quoted) lets nothing through", suggestion: "write at least 1, as in `1/day`")
        }
        return Rate(amount: amount, period: Nanoseconds(period))
    }

    private static func notARate(_ text: String) -> Problem {
        Problem(
            "expected a rate like `300/s`, found \(text.quoted)",
            suggestion: "write an amount, `/` and a period of at most a day")
    }

    /// Refuses spaces in a text that could be read without them.
    static func refuseSpaces<Value>(
        in text: String, _ read: (String) throws(Problem) -> Value
    ) throws(Problem) {
        let compact = text.filter { !$0.isWhitespace }
        guard compact != text, (try? read(compact)) != nil else { return }
        throw Problem("\(text.quoted) holds spaces", suggestion: "write \(compact.quoted)")
    }

    private static func fractional(_ amount: String, per period: Int64) -> Problem {
        let problem = "a rate counts whole units, not \(amount.quoted)"
        guard let (digits, scale) = decimal(amount), digits > 0 else { return Problem(problem) }
        let divisor = greatestCommonDivisor(digits, scale)
        let (longer, overflow) = period.multipliedReportingOverflow(by: scale / divisor)
        guard !overflow, longer <= Nanoseconds.day.count else { return Problem(problem) }
        let exact = Rate(amount: digits / divisor, period: Nanoseconds(longer))
        return Problem(problem, suggestion: "write `\(exact)`, which is the same")
    }

    /// The length of a period such as `s`, `3s` or `day`.
    private static func period(_ text: String, of rate: String) throws(Problem) -> Int64 {
        let (number, unit) = split(text)
        let amount = rate.prefix { $0 != "/" }
        if unit == "m" {
            throw Problem(
                "the period in \(rate.quoted) is ambiguous",
                suggestion: "write `\(amount)/\(number)min` for minutes; an allowance per month is a quota: "
                    + "`quotas: { requests: \(amount)/month }`")
        }
        if let quota = quotaPeriod(unit) {
            throw Problem(
                "a rate has a period of at most a day, not \(text.quoted)",
                suggestion: "longer allowances are quotas: `quotas: { requests: \(amount)/\(quota) }`")
        }
        guard let length = timeUnits[unit] else {
            throw unknownUnit(unit, in: rate) { "\(amount)/\(number)\($0)" }
        }
        let count = number.isEmpty ? 1 : try wholeNumber(number)
        let (period, overflow) = length.multipliedReportingOverflow(by: count)
        guard count > 0 else {
            throw Problem("the period in \(rate.quoted) is zero", suggestion: "write `\(amount)/s`")
        }
        guard !overflow, period <= Nanoseconds.day.count else {
            throw Problem(
                "a rate has a period of at most a day, not \(text.quoted)",
                suggestion: "longer allowances are quotas: `quotas: { requests: \(amount)/month }`")
        }
        return period
    }

    private static func quotaPeriod(_ unit: String) -> String? {
        switch unit.lowercased() {
        case "w", "week", "weeks": "week"
        case "mo", "month", "months": "month"
        case "y", "year", "years": "year"
        default: nil
        }
    }

    private static func unknownUnit(_ unit: String, in text: String, rewritten: (String) -> String) -> Problem {
        let problem = unit.isEmpty ? "\(text.quoted) names no unit" : "the unit \(unit.quoted) is not known"
        let lowered = unit.lowercased()
        if let ours = otherTimeUnits[lowered] ?? (timeUnits[lowered] == nil ? nil : lowered) {
            return Problem(problem, suggestion: "write `\(rewritten(ours))`")
        }
        let units = "the units of time are `ms`, `s`, `min`, `h` and `day`"
        return Problem(problem, suggestion: ["us", "µs", "ns"].contains(unit) ? units + "; nothing is shorter" : units)
    }

    /// Reads a length of time: `500ms`, `30s`, `10m` or `10min`, `2h`, `1d` or `1day`.
    package static func duration(_ text: String) throws(Problem) -> Nanoseconds {
        try refuseSpaces(in: text, duration)
        let (number, unit) = split(text)
        guard !number.isEmpty else {
            throw Problem(
                "expected a duration like `30s`, found \(text.quoted)", suggestion: "write a number and a unit")
        }
        guard !unit.isEmpty else {
            throw Problem(
                "the duration \(text.quoted) names no unit", suggestion: "write `\(number)ms` or `\(number)s`")
        }
        guard let length = unit == "m" ? timeUnits["min"] : timeUnits[unit] else {
            let first = String(unit.prefix { !$0.isNumber })
            let isUnit = first == "m" || timeUnits[first] != nil || otherTimeUnits[first] != nil
            throw isUnit && first != unit
                ? Problem(
                    "the duration \(text.quoted) has several units",
                    suggestion: "write it in the smallest one, as in `90min`")
                : unknownUnit(unit, in: text) { number + $0 }
        }
        if let (digits, scale) = decimal(number), digits > 0 {
            let (product, overflow) = length.multipliedReportingOverflow(by: digits)
            let milliseconds = product / scale / 1_000_000
            throw Problem(
                "a duration is a whole number of its unit, not \(number.quoted)",
                suggestion: overflow || milliseconds == 0 ? nil : "write `\(milliseconds)ms`")
        }
        let count = try wholeNumber(number)
        let (duration, overflow) = length.multipliedReportingOverflow(by: count)
        guard count > 0 else {
            throw Problem("the duration \(text.quoted) is zero", suggestion: "write at least `1ms`")
        }
        guard !overflow, duration <= Nanoseconds.day.count * 366 else {
            throw Problem("the duration \(text.quoted) is longer than a year", suggestion: "at most `366d`")
        }
        return Nanoseconds(duration)
    }
}
