internal import Vocabulary

/// When the calendar periods end that hold a day, worked out once a day: calendar arithmetic costs more than the
/// decision whose answer shows it.
struct PeriodEnds {
    private var day = Int64.min
    private var dayEnd = WallTime(milliseconds: 0)
    private var weekEnd = WallTime(milliseconds: 0)
    private var monthEnd = WallTime(milliseconds: 0)
    private var yearEnd = WallTime(milliseconds: 0)

    /// Turns to the day that holds a moment.
    mutating func turn(to wall: WallTime) {
        let today = CivilDate.dayNumber(of: wall)
        guard today != day else { return }
        day = today
        dayEnd = PeriodEnds.end(of: .day, at: wall)
        weekEnd = PeriodEnds.end(of: .week, at: wall)
        monthEnd = PeriodEnds.end(of: .month, at: wall)
        yearEnd = PeriodEnds.end(of: .year, at: wall)
    }

    /// When the period ends that holds a moment of the day this was turned to.
    func end(of period: CalendarPeriod) -> WallTime {
        switch period {
        case .day: dayEnd
        case .week: weekEnd
        case .month: monthEnd
        case .year: yearEnd
        }
    }

    private static func end(of period: CalendarPeriod, at wall: WallTime) -> WallTime {
        period.start(of: period.index(at: wall) + 1)
    }
}
