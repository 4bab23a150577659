internal import Vocabulary

/// When the calendar periods end that hold a day of a zone, worked out once a day: calendar arithmetic costs more than
/// the decision whose answer shows it.
struct PeriodEnds {
    /// Where the calendar is from.
    let zone: CalendarZone
    /// The number of the day, as `CalendarPeriod` counts them.
    let day: Int32
    private let dayBegin: WallTime
    private let dayEnd: WallTime
    private let weekEnd: WallTime
    private let monthEnd: WallTime
    private let yearEnd: WallTime

    /// Those of the day that holds a moment.
    init(at wall: WallTime, in zone: CalendarZone) {
        func end(of period: CalendarPeriod) -> WallTime {
            period.start(of: period.index(at: wall, in: zone) + 1, in: zone)
        }
        self.zone = zone
        day = CalendarPeriod.day.index(at: wall, in: zone)
        dayBegin = CalendarPeriod.day.start(of: day, in: zone)
        dayEnd = end(of: .day)
        weekEnd = end(of: .week)
        monthEnd = end(of: .month)
        yearEnd = end(of: .year)
    }

    /// Whether a moment lies in the day.
    @inline(__always)
    func hold(_ wall: WallTime) -> Bool { dayBegin <= wall && wall < dayEnd }

    /// When the period ends that holds a moment of the day.
    func end(of period: CalendarPeriod) -> WallTime {
        switch period {
        case .day: dayEnd
        case .week: weekEnd
        case .month: monthEnd
        case .year: yearEnd
        }
    }
}

/// The ends of periods of the last moment that was asked for, of each zone that was.
struct PeriodEndsMemory {
    private var present = PeriodEnds(at: WallTime(milliseconds: 0), in: .utc)
    private var others: [PeriodEnds] = []

    /// The ends of the periods that hold a moment, if it is of the zone and the day that were asked for last.
    ///
    /// - Complexity: three comparisons; by number, since comparing zones of another module is a call.
    @inline(__always)
    func known(at wall: WallTime, in zone: CalendarZone) -> PeriodEnds? {
        zone.number == present.zone.number && present.hold(wall) ? present : nil
    }

    /// The ends of the periods that hold a moment of any zone, which are known from now on.
    @inline(never)
    mutating func turn(to zone: CalendarZone, _ wall: WallTime) -> PeriodEnds {
        if zone != present.zone {
            let next = others.firstIndex { $0.zone == zone }
            let ends = next.map { others.remove(at: $0) } ?? PeriodEnds(at: wall, in: zone)
            others.append(present)
            present = ends
        }
        if !present.hold(wall) { present = PeriodEnds(at: wall, in: zone) }
        return present
    }
}
