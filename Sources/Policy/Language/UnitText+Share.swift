package import Vocabulary

extension UnitText {
    /// Reads a percentage from `0%` to `100%` with up to two decimals, in hundredths of a percent.
    package static func basisPoints(_ text: String) throws(Problem) -> Int64 {
        try refuseSpaces(in: text, basisPoints)
        guard text.hasSuffix("%") else { throw notAPercentage(text) }
        let number = String(text.dropLast())
        guard !number.contains("%") else { throw notAPercentage(text) }
        let points: Int64
        if let (digits, scale) = decimal(number) {
            guard scale <= 100 else {
                throw Problem("the percentage \(text.quoted) has more than two decimals", suggestion: "round it")
            }
            let (product, overflow) = digits.multipliedReportingOverflow(by: 100 / scale)
            points = overflow ? .max : product
        } else {
            let (product, overflow) = try wholeNumber(number).multipliedReportingOverflow(by: 100)
            points = overflow ? .max : product
        }
        guard points <= 10_000 else {
            throw Problem("the percentage \(text.quoted) is above 100%", suggestion: "at most `100%`")
        }
        return points
    }

    private static func notAPercentage(_ text: String) -> Problem {
        let problem = "expected a percentage like `40%`, found \(text.quoted)"
        if let (digits, scale) = decimal(text), digits < scale, digits * 10_000 % scale == 0 {
            return Problem(problem, suggestion: "write `\(percentage(digits * 10_000 / scale))`")
        }
        if let number = try? wholeNumber(text.filter { $0 != "%" }), number <= 100 {
            return Problem(problem, suggestion: "write `\(number)%`")
        }
        return Problem(problem)
    }

    /// Hundredths of a percent as a policy writes them: `40%`, `12.5%`.
    package static func percentage(_ basisPoints: Int64) -> String {
        let (whole, rest) = basisPoints.quotientAndRemainder(dividingBy: 100)
        if rest == 0 { return "\(whole)%" }
        return rest % 10 == 0 ? "\(whole).\(rest / 10)%" : "\(whole).\(rest < 10 ? "0" : "")\(rest)%"
    }

    /// Reads a calendar allowance: `5000000/month`, `200000/day`; for bytes also `10GB/day`.
    package static func quota(_ text: String, of unit: QuotaUnit) throws(Problem) -> Plan.Quota {
        let example = unit == .bytes ? "10GB/day" : "5000000/month"
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            throw Problem(
                "expected a quota like `\(example)`, found \(text.quoted)",
                suggestion: "write an amount, `/` and `day`, `week`, `month` or `year`")
        }
        guard let period = CalendarPeriod.allCases.first(where: { $0.name == parts[1] }) else {
            let isTime = (try? rate(text)) != nil
            throw Problem(
                "a quota is counted per `day`, `week`, `month` or `year`, not per \(parts[1].quoted)",
                suggestion: isTime
                    ? "limits over shorter times are rates: give the tenant, a class or an operation a `rate`"
                    : "for example `\(example)`")
        }
        let amount = unit == .bytes ? try bytes(parts[0]) : try wholeNumber(parts[0])
        guard amount > 0 else {
            throw Problem("the quota \(text.quoted) lets nothing through", suggestion: "write at least 1")
        }
        return Plan.Quota(unit: unit, amount: amount, period: period)
    }

    /// Reads a number of bytes: `512`, `10GB` (powers of 1,000), `512MiB` (powers of 1,024).
    package static func bytes(_ text: String) throws(Problem) -> Int64 {
        let (number, unit) = split(text)
        let units: [(name: String, size: Int64)] = [
            ("B", 1), ("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
            ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40), ("", 1), ("KB", 1_000),
        ]
        guard let size = units.first(where: { $0.name == unit })?.size else {
            throw Problem(
                "the unit \(unit.quoted) is not known",
                suggestion: "units of bytes are `kB`, `MB`, `GB`, `TB` and `KiB`, `MiB`, `GiB`, `TiB`")
        }
        if let (digits, scale) = decimal(number) {
            let smaller = units.first { size == $0.size * 1_000 }
            let (thousandths, overflow) = digits.multipliedReportingOverflow(by: 1_000)
            let isExact = smaller != nil && !overflow && thousandths % scale == 0
            throw Problem(
                "bytes are counted in whole numbers, not \(number.quoted)",
                suggestion: isExact ? "write `\(thousandths / scale)\(smaller?.name ?? "")`" : "use a smaller unit")
        }
        let (bytes, overflow) = try wholeNumber(number).multipliedReportingOverflow(by: size)
        guard !overflow else { throw Problem("the number \(text.quoted) is too large") }
        return bytes
    }

    /// Reads a time of day, `00:00` to `24:00`, in minutes.
    package static func minuteOfDay(_ text: String) throws(Problem) -> Int {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 2, parts[1].utf8.count == 2,
            let hours = try? wholeNumber(parts[0]), let minutes = try? wholeNumber(parts[1]),
            hours < 24 && minutes < 60 || hours == 24 && minutes == 0
        else {
            let isShort = text.utf8.count == 4 && (try? minuteOfDay("0" + text)) != nil
            throw Problem(
                "expected a time of day like `22:00`, found \(text.quoted)",
                suggestion: isShort ? "write `0\(text)`" : "write hours and minutes in UTC, `00:00` to `24:00`")
        }
        return Int(hours * 60 + minutes)
    }
}
