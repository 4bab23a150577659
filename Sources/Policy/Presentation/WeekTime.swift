internal import Vocabulary

/// Minutes of the week in words.
enum WeekTime {
    /// A minute of the week, in UTC: `Monday 09:30`.
    static func words(_ minute: Int) -> String {
        let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
        let padded = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        return "\(days[minute / 1_440 % 7]) \(padded(minute % 1_440 / 60)):\(padded(minute % 60))"
    }
}

extension TrafficClass.Blackout {
    /// The window in words: `Monday 09:00 to Monday 17:00 UTC: observe`.
    var words: String { "\(WeekTime.words(startMinute)) to \(WeekTime.words(endMinute)) UTC: \(stage.name)" }
}

extension TrafficClass {
    /// The stage that holds in a minute of the week.
    func stage(inMinute minute: Int) -> Stage {
        blackouts.filter { $0.contains(minuteOfWeek: minute) }.map(\.stage).reduce(stage, min)
    }
}
