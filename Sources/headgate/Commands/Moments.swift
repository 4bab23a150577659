internal import ArgumentParser
internal import Directory
internal import Gateway
internal import Journal
internal import Policy
internal import Vocabulary

/// Reads moments as people type them.
enum Moments {
    /// `2027-01-31T00:00:00Z`, `2027-01-31`, or a time from now: `90d`, `12h`, `30min`.
    static func future(_ text: String, now: WallTime) throws -> WallTime {
        if text.hasSuffix("d"), let days = Int64(text.dropLast()), (1...36_525).contains(days) {
            return WallTime(milliseconds: now.milliseconds + days * CivilDate.millisecondsPerDay)
        }
        if let length = try? UnitText.duration(text) {
            return WallTime(milliseconds: now.milliseconds + length.count / 1_000_000)
        }
        guard let moment = Timestamp.moment(text) else {
            throw ValidationError(
                "'\(text)' is no moment; write 2027-01-31, 2027-01-31T00:00:00Z, or a time from now as 90d or 12h")
        }
        return moment
    }

    /// A moment to come in the form of the control API; `nil` for `nil`.
    static func stated(_ text: String?, now: WallTime = .now()) throws -> Policy.JSONValue? {
        try text.map { .string(Timestamp.text(Timestamp.wholeSeconds(try future($0, now: now)))) }
    }

    /// A moment that is past in the form of the control API; `nil` for `nil`.
    static func statedPast(_ text: String?, now: WallTime = .now()) throws -> String? {
        try text.map { Timestamp.text(try past($0, now: now)) }
    }

    /// The seconds of `30d` or `12h`.
    static func seconds(_ text: String) throws -> Int64 {
        do { return try UnitText.duration(text).count / 1_000_000_000 } catch {
            throw ValidationError(
                error.message.replacing("`", with: "'")
                    + (error.suggestion.map { "; \($0.replacing("`", with: "'"))" } ?? ""))
        }
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
