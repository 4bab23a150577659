internal import Vocabulary

extension OverloadCaveats {
    /// Which work budgets do not shed, because its class is not enforced, or not at all hours.
    var stages: [String] {
        let milder = Stage.allCases.filter { $0 != .enforce }.compactMap { stage -> String? in
            let names = snapshot.classes.filter { $0.stage == stage }.map(\.name)
            guard !names.isEmpty else { return nil }
            return
                "Work of \(Wording.classes(names)) is in stage \(stage.name): budgets shed nothing of it, whatever "
                + "its tier, and what it takes beyond them is missing elsewhere."
        }
        let windows = snapshot.classes.map { trafficClass in
            Wording.list(
                trafficClass.blackouts.filter { $0.stage < trafficClass.stage }.map {
                    "\(WeekTime.words($0.startMinute)) to \(WeekTime.words($0.endMinute)) (\($0.stage.name))"
                })
        }
        let hours = windows.filter { !$0.isEmpty }.unique.map { words in
            let names = zip(snapshot.classes, windows).filter { $0.1 == words }.map(\.0.name)
            return
                "In these hours of every week, UTC, work of \(Wording.classes(names)) is in a milder stage, and "
                + "budgets shed nothing of it: \(words)."
        }
        return milder + hours
    }
}
