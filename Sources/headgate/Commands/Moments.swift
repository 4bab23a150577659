internal import ArgumentParser
internal import Foundation
internal import Vocabulary

/// Reads moments as people type them.
enum Moments {
    /// `2027-01-31T00:00:00Z`, or a time from now: `90d`, `12h`.
    static func future(_ text: String, now: WallTime) throws -> WallTime {
        if let length = duration(text) { return WallTime(milliseconds: now.milliseconds + length) }
        return try moment(text)
    }

    /// `2026-11-21T04:59:02Z`, or how long ago: `10m`, `2h`.
    static func past(_ text: String, now: WallTime) throws -> WallTime {
        if let length = duration(text) { return WallTime(milliseconds: now.milliseconds - length) }
        return try moment(text)
    }

    private static func moment(_ text: String) throws -> WallTime {
        let style = Date.ISO8601FormatStyle()
        guard let date = (try? style.parse(text)) ?? (try? style.year().month().day().parse(text)) else {
            throw ValidationError("'\(text)' is no moment; write 2026-11-21T04:59:02Z, 2026-11-21, or a time like 10m, 2h, 7d")
        }
        return WallTime(milliseconds: Int64((date.timeIntervalSince1970 * 1_000).rounded()))
    }

    /// Milliseconds of a length such as `10m`; at most a hundred years.
    private static func duration(_ text: String) -> Int64? {
        let units: [Character: Int64] = ["s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count >= 0,
            count <= 36_525 * 86_400_000 / unit
        else { return nil }
        return count * unit
    }
}
