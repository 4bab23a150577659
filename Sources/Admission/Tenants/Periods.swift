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

    /// Computes them.
    init(at wall: WallTime) {
        day = CalendarPeriod.day.index(at: wall)
        week = CalendarPeriod.week.index(at: wall)
        month = CalendarPeriod.month.index(at: wall)
        year = CalendarPeriod.year.index(at: wall)
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

/// The periods of the last moment that was asked for.
struct PeriodMemory {
    private var periods = Periods(at: WallTime(milliseconds: 0))
    private var begin: Int64 = 0
    private var end: Int64 = 0

    /// The periods that hold a moment.
    ///
    /// - Complexity: two comparisons within a day.
    @inline(__always)
    mutating func at(_ wall: WallTime) -> Periods {
        if wall.milliseconds < begin || wall.milliseconds >= end { remember(wall) }
        return periods
    }

    @inline(never)
    private mutating func remember(_ wall: WallTime) {
        periods = Periods(at: wall)
        begin = CalendarPeriod.day.start(of: periods.day).milliseconds
        end = begin + CivilDate.millisecondsPerDay
    }
}
