package import Vocabulary

/// Dates as HTTP writes them.
package enum HTTPDate {
    private static let days: [StaticString] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]  // 1970-01-01 first
    private static let months: [StaticString] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The moment as `Sun, 06 Nov 1994 08:49:37 GMT` (IMF-fixdate, RFC 9110 §5.6.7).
    package static func text(_ wall: WallTime) -> String {
        let day = CivilDate.dayNumber(of: wall)
        let date = CivilDate(dayNumber: day)
        let seconds = (wall.milliseconds - day * CivilDate.millisecondsPerDay) / 1_000
        let weekday = days[Int(day - day.flooredQuotient(7) * 7)]
        let clock = "\(padded(seconds / 3_600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
        return "\(weekday), \(padded(date.day, 2)) \(months[Int(date.month - 1)]) \(padded(date.year, 4)) \(clock) GMT"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
