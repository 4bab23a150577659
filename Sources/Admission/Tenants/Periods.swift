internal import Vocabulary

/// The numbers of the calendar periods that hold a moment: they change once a day, so nobody computes them per request.
struct Periods {
    /// The number of the day.
    var day: Int32
    /// The number of the week.
    var week: Int32
    /// The number of the month.
    var month: Int32
    /// The number of the year.
    var year: Int32

    /// Computes them, by the calendar of a zone.
    init(at wall: WallTime, in zone: CalendarZone) {
        let local = WallTime(milliseconds: wall.milliseconds + zone.offset(at: wall))
        day = CalendarPeriod.day.index(at: local)
        week = CalendarPeriod.week.index(at: local)
        month = CalendarPeriod.month.index(at: local)
        year = CalendarPeriod.year.index(at: local)
    }

    /// The number of a period.
    @inline(__always)
    func index(_ period: CalendarPeriod) -> Int32 {
        switch period {
        case .day: day
        case .week: week
        case .month: month
        case .year: year
        }
    }
}

/// The periods of the last moment that was asked for, of each zone that was.
struct PeriodMemory {
    /// Those of the zone that was asked for last.
    private var present = Day(at: WallTime(milliseconds: 0), in: .utc)
    /// Those of the others: as many as there are zones in the policies, and few.
    private var others: [Day] = []

    /// The periods of one day of a zone.
    private struct Day {
        let zone: CalendarZone
        let periods: Periods
        let begin: Int64
        let end: Int64

        init(at wall: WallTime, in zone: CalendarZone) {
            self.zone = zone
            periods = Periods(at: wall, in: zone)
            begin = CalendarPeriod.day.start(of: periods.day, in: zone).milliseconds
            end = CalendarPeriod.day.start(of: periods.day + 1, in: zone).milliseconds
        }

        @inline(__always)
        func holds(_ wall: WallTime) -> Bool { begin <= wall.milliseconds && wall.milliseconds < end }
    }

    /// The periods that hold a moment.
    ///
    /// - Complexity: three comparisons within a day of the same zone.
    @inline(__always)
    mutating func at(_ wall: WallTime, in zone: CalendarZone) -> Periods {
        // By number: comparing zones of another module is a call.
        if zone.number != present.zone.number || !present.holds(wall) { turn(to: zone, wall) }
        return present.periods
    }

    @inline(never)
    private mutating func turn(to zone: CalendarZone, _ wall: WallTime) {
        if zone != present.zone {
            let next = others.firstIndex { $0.zone == zone }
            let day = next.map { others.remove(at: $0) } ?? Day(at: wall, in: zone)
            others.append(present)
            present = day
        }
        if !present.holds(wall) { present = Day(at: wall, in: zone) }
    }
}
