/// The time zone in which a calendar counts: a name of the IANA database and the rule that holds there.
///
/// A number, so that a budget can carry it; names and rules stand in one table for all.
///
/// What has been the rule before does not matter here: calendars look at now. Four zones have no rule, since they
/// change their clocks by the moon (`Africa/Casablanca`, `Africa/El_Aaiun`, `Asia/Gaza`, `Asia/Hebron`, for Ramadan);
/// their days are counted as if they did not.
package struct CalendarZone: Hashable, Sendable, BitwiseCopyable {
    /// Where the zone stands in the table.
    package let number: UInt16

    /// Coordinated universal time: what holds where nothing is said.
    package static let utc = CalendarZone(number: 0)
    /// All there are.
    package static let all = table.indices.map { CalendarZone(number: UInt16($0)) }

    private init(number: UInt16) { self.number = number }

    /// The zone of a name, spelt as the database spells it; `nil` if there is none.
    ///
    /// - Complexity: O(n) in all zones.
    package init?(named name: String) {
        guard let index = CalendarZone.table.firstIndex(where: { $0.name == name }) else { return nil }
        self.init(number: UInt16(index))
    }

    /// The name.
    package var name: String { CalendarZone.table[Int(number)].name }

    /// Milliseconds by which clocks there are ahead of UTC.
    package func offset(at wall: WallTime) -> Int64 { rule.offset(at: wall.milliseconds) }

    /// The first moment at which clocks there show this time, which is given as if it were UTC; where they leave it
    /// out, the moment at which they do.
    package func instant(ofLocal local: WallTime) -> WallTime {
        WallTime(milliseconds: rule.instant(ofLocal: local.milliseconds))
    }

    private var rule: ZoneRule { CalendarZone.table[Int(number)].rule }

    private static let table: [(name: String, rule: ZoneRule)] = {
        var zones: [(name: String, rule: ZoneRule)] = []
        var rule: ZoneRule?
        for line in database.split(separator: "\n") {
            if line.hasPrefix("= ") {
                rule = ZoneRule(posix: line.dropFirst(2))
            } else if let rule {
                zones += line.split(separator: " ").map { (String($0), rule) }
            }
        }
        return zones
    }()
}

extension CalendarPeriod {
    /// The number of the period that holds a moment, by the calendar of a zone.
    ///
    /// - Complexity: O(1), no allocation.
    package func index(at wall: WallTime, in zone: CalendarZone) -> Int32 {
        index(at: WallTime(milliseconds: wall.milliseconds + zone.offset(at: wall)))
    }

    /// The moment at which the period with this number begins in a zone: days there have 23 to 25 hours.
    package func start(of index: Int32, in zone: CalendarZone) -> WallTime { zone.instant(ofLocal: start(of: index)) }
}
