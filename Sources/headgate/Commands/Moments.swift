internal import ArgumentParser
internal import Directory
internal import Journal
internal import Vocabulary

/// Reads moments as people type them.
enum Moments {
    /// `2027-01-31T00:00:00Z`, `2027-01-31`, or a time from now in days: `90d`.
    static func future(_ text: String, now: WallTime) throws -> WallTime {
        if text.hasSuffix("d"), let days = Int64(text.dropLast()), (1...36_525).contains(days) {
            return WallTime(milliseconds: now.milliseconds + days * CivilDate.millisecondsPerDay)
        }
        guard let moment = Timestamp.moment(text) else {
            throw ValidationError(
                "'\(text)' is no moment; write 2027-01-31, 2027-01-31T00:00:00Z, or a number of days as 90d")
        }
        return moment
    }

    /// `2026-11-21T04:59:02Z`, `2026-11-21`, or how long ago: `10m`, `2h`.
    static func past(_ text: String, now: WallTime) throws -> WallTime {
        guard let moment = WallTime(moment: text, now: now) else {
            throw ValidationError(
                "'\(text)' is no moment; write 2026-11-21T04:59:02Z, 2026-11-21, or a time ago as 10m, 2h, 7d")
        }
        return moment
    }
}
