/// A calendar unit in which a quota is counted; periods start at 00:00 of a time zone (`CalendarZone`).
package enum CalendarPeriod: UInt8, CaseIterable, BitwiseCopyable, Sendable {
    /// From midnight to midnight.
    case day
    /// From Monday to Monday, as ISO 8601 counts weeks.
    case week
    /// From the first of a month to the first of the next.
    case month
    /// From the first of January to the next.
    case year

    /// The word a policy writes after the slash.
    package var name: String {
        switch self {
        case .day: "day"
        case .week: "week"
        case .month: "month"
        case .year: "year"
        }
    }

    /// The seconds of the longest period of this kind.
    package var secondsMax: Int64 {
        let days: Int64 =
            switch self {
            case .day: 1
            case .week: 7
            case .month: 31
            case .year: 366
            }
        return days * CivilDate.millisecondsPerDay / 1_000
    }

    /// Days from the Monday of the week that holds 1970-01-01, a Thursday, to that day.
    private static let daysSinceMonday: Int64 = 3

    /// The number of the period that holds a moment in UTC, counted from 1970: days, weeks, months, or years.
    ///
    /// Week 0 is the one that holds 1970-01-01, so it begins in 1969.
    ///
    /// - Complexity: O(1), no allocation.
    package func index(at wall: WallTime) -> Int32 {
        let days = CivilDate.dayNumber(of: wall)
        switch self {
        case .day: return Int32(truncatingIfNeeded: days)
        case .week: return Int32(truncatingIfNeeded: (days + CalendarPeriod.daysSinceMonday).flooredQuotient(7))
        case .month:
            let date = CivilDate(dayNumber: days)
            return Int32(truncatingIfNeeded: (date.year - 1970) * 12 + date.month - 1)
        case .year: return Int32(truncatingIfNeeded: CivilDate(dayNumber: days).year - 1970)
        }
    }

    /// The moment at which the period with this number begins in UTC.
    package func start(of index: Int32) -> WallTime {
        let days: Int64
        switch self {
        case .day: days = Int64(index)
        case .week: days = Int64(index) * 7 - CalendarPeriod.daysSinceMonday
        case .month:
            let year = Int64(1970) + Int64(index).flooredQuotient(12)
            let month = Int64(index) - (year - 1970) * 12 + 1
            days = CivilDate(year: year, month: month, day: 1).dayNumber
        case .year: days = CivilDate(year: 1970 + Int64(index), month: 1, day: 1).dayNumber
        }
        return WallTime(milliseconds: days * CivilDate.millisecondsPerDay)
    }
}

/// A date of the proleptic Gregorian calendar.
///
/// Conversions after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (`days_from_civil`,
/// `civil_from_days`): eras of 400 years with 146,097 days, years that begin in March.
package struct CivilDate: Hashable, Sendable {
    /// The year, 1970 being 1970.
    package var year: Int64
    /// The month, 1 to 12.
    package var month: Int64
    /// The day of the month, 1 to 31.
    package var day: Int64

    /// Milliseconds in a day.
    package static let millisecondsPerDay: Int64 = 86_400_000

    /// Names a date by its three numbers.
    package init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// Days between 1970-01-01 and the day that holds a moment; negative before.
    package static func dayNumber(of wall: WallTime) -> Int64 {
        wall.milliseconds.flooredQuotient(millisecondsPerDay)
    }

    /// The date that lies a number of days after 1970-01-01.
    ///
    /// - Complexity: O(1).
    package init(dayNumber: Int64) {
        let shifted = dayNumber + 719_468  // days from 0000-03-01 to 1970-01-01
        let era = shifted.flooredQuotient(146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days between 1970-01-01 and this date; negative before.
    ///
    /// - Complexity: O(1).
    package var dayNumber: Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let era = marchYear.flooredQuotient(400)
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension WallTime {
    /// The minute of the week in UTC: 0 is Monday 00:00, 10,079 is Sunday 23:59.
    package var minuteOfWeek: Int {
        let minutes = milliseconds.flooredQuotient(60_000)
        let sinceMonday = minutes + 3 * 1_440  // 1970-01-01 was a Thursday
        return Int(sinceMonday - sinceMonday.flooredQuotient(10_080) * 10_080)
    }
}

extension WallTime: CustomStringConvertible {
    /// The moment as `2026-11-21T04:59:02.123Z` (RFC 3339).
    package var description: String {
        let days = CivilDate.dayNumber(of: self)
        let date = CivilDate(dayNumber: days)
        let rest = milliseconds - days * CivilDate.millisecondsPerDay
        func padded(_ number: Int64, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T"
            + "\(padded(rest / 3_600_000, 2)):\(padded(rest / 60_000 % 60, 2)):\(padded(rest / 1_000 % 60, 2))"
            + ".\(padded(rest % 1_000, 3))Z"
    }
}

extension Int64 {
    /// The quotient rounded towards minus infinity, as calendars need it before 1970.
    package func flooredQuotient(_ divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder != 0 && (remainder < 0) != (divisor < 0) ? quotient - 1 : quotient
    }
}
