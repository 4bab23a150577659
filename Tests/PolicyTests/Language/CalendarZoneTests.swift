import Foundation
import Testing
import Vocabulary

struct CalendarZoneTests {
    private static let beginning = WallTime(milliseconds: 1_767_225_600_000)  // 2026-01-01T00:00:00Z
    private static let hour: Int64 = 3_600_000
    /// Zones that change their clocks by the moon, and have no rule.
    private static let lunar: Set = ["Africa/Casablanca", "Africa/El_Aaiun", "Asia/Gaza", "Asia/Hebron"]

    private func day(_ text: String, in zone: String) throws -> (start: String, hours: Double) {
        let zone = try #require(CalendarZone(named: zone))
        let parts = text.split(separator: "-").compactMap { Int64($0) }
        let number = Int32(CivilDate(year: parts[0], month: parts[1], day: parts[2]).dayNumber)
        let (start, end) = (
            CalendarPeriod.day.start(of: number, in: zone), CalendarPeriod.day.start(of: number + 1, in: zone)
        )
        return (start.description, Double(end.milliseconds - start.milliseconds) / Double(Self.hour))
    }

    @Test func `every zone of the database has a name and a rule, and UTC comes first`() throws {
        #expect(CalendarZone.all.count > 590)
        #expect(CalendarZone.all.first == .utc && CalendarZone.utc.name == "UTC")
        for zone in CalendarZone.all { #expect(CalendarZone(named: zone.name) == zone, "\(zone.name)") }
        #expect(CalendarZone(named: "Europe/Berln") == nil && CalendarZone(named: "") == nil)
    }

    @Test(arguments: [
        ("2026-03-28", "Europe/Berlin", "2026-03-27T23:00:00.000Z", 24.0),
        ("2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00.000Z", 23.0),
        ("2026-10-25", "Europe/Berlin", "2026-10-24T22:00:00.000Z", 25.0),
        ("2026-10-26", "Europe/Berlin", "2026-10-25T23:00:00.000Z", 24.0),
        ("2026-12-31", "America/New_York", "2026-12-31T05:00:00.000Z", 24.0),
        // The clocks go from 24:00 to 01:00, so the day has no midnight.
        ("2026-09-06", "America/Santiago", "2026-09-06T04:00:00.000Z", 23.0),
        // They go from 01:00 to midnight, so there are two.
        ("2026-11-01", "America/Havana", "2026-11-01T04:00:00.000Z", 25.0),
        ("2026-04-05", "Australia/Lord_Howe", "2026-04-04T13:00:00.000Z", 24.5),
        ("2026-07-01", "Europe/Dublin", "2026-06-30T23:00:00.000Z", 24.0),
        ("2026-07-01", "Asia/Kathmandu", "2026-06-30T18:15:00.000Z", 24.0),
        ("2026-01-01", "Pacific/Kiritimati", "2025-12-31T10:00:00.000Z", 24.0),
    ])
    func `a day begins when clocks show that it does, and is as long as it is`(
        text: String, zone: String, start: String, hours: Double
    ) throws {
        let day = try day(text, in: zone)
        #expect(day.start == start && day.hours == hours, "\(day)")
    }

    @Test func `months end with the clocks of the zone, also in a leap year and at the end of a year`() throws {
        let zone = try #require(CalendarZone(named: "Europe/Berlin"))
        func end(ofMonthWith text: String) -> String {
            let date = CivilDate(
                year: Int64(text.prefix(4)) ?? 0, month: Int64(text.dropFirst(5).prefix(2)) ?? 0, day: 15)
            let wall = WallTime(milliseconds: date.dayNumber * CivilDate.millisecondsPerDay)
            return CalendarPeriod.month.start(of: CalendarPeriod.month.index(at: wall, in: zone) + 1, in: zone)
                .description
        }
        #expect(end(ofMonthWith: "2026-03") == "2026-03-31T22:00:00.000Z")
        #expect(end(ofMonthWith: "2026-10") == "2026-10-31T23:00:00.000Z")
        #expect(end(ofMonthWith: "2028-02") == "2028-02-29T23:00:00.000Z")
        #expect(end(ofMonthWith: "2026-12") == "2026-12-31T23:00:00.000Z")
    }

    /// All days of three years in all zones: no gap, none twice, none shorter or longer than clocks make it.
    @Test func `days and months follow one another without a gap in every zone`() {
        for zone in CalendarZone.all {
            for period in [CalendarPeriod.day, .week, .month, .year] {
                let first = period.index(at: Self.beginning, in: zone)
                let last = period.index(
                    at: WallTime(milliseconds: Self.beginning.milliseconds + 1_100 * CivilDate.millisecondsPerDay),
                    in: zone)
                var start = period.start(of: first, in: zone)
                for number in first...last {
                    let next = period.start(of: number + 1, in: zone)
                    let isRight =
                        period.index(at: start, in: zone) == number
                        && period.index(at: WallTime(milliseconds: next.milliseconds - 1), in: zone) == number
                    let hours = (next.milliseconds - start.milliseconds) / Self.hour
                    guard isRight, period != .day || (22...26).contains(hours) else {
                        Issue.record("\(zone.name), \(period.name) \(number): \(start.description), \(hours) h")
                        return
                    }
                    start = next
                }
            }
        }
    }

    /// Against the time zones of Foundation, which come from another copy of the database.
    @Test func `clocks show what another library says, at every half day of two years`() {
        var compared = 0
        var different: Set<String> = []
        for zone in CalendarZone.all where !Self.lunar.contains(zone.name) {
            guard let other = TimeZone(identifier: zone.name) else { continue }
            compared += 1
            for step in 0..<1_460 {
                let milliseconds = Self.beginning.milliseconds + Int64(step) * 12 * Self.hour + Self.hour / 2
                let wall = WallTime(milliseconds: milliseconds)
                let seconds = other.secondsFromGMT(for: Date(timeIntervalSince1970: Double(milliseconds) / 1_000))
                if zone.offset(at: wall) != Int64(seconds) * 1_000 { different.insert(zone.name) }
            }
        }
        #expect(compared > 400)
        #expect(different.sorted() == [])
    }
}
