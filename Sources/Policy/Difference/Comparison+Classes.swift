internal import Vocabulary

extension Comparison {
    /// Compares the head of the policies.
    mutating func comparePolicies() {
        let subject = Subject(.policy)
        add(subject, .name, .text(old.name), .text(new.name), .changes)
        add(subject, .owner, .text(old.owner), .text(new.owner), .changes)
        add(
            subject, .defaultClass, .text(old.classes[old.defaultClass].name),
            .text(new.classes[new.defaultClass].name),
            .changes)
        add(
            subject, .stageOrder, .texts(old.stageOrder.map { old.classes[$0].name }),
            .texts(new.stageOrder.map { new.classes[$0].name }), .changes)
    }

    /// Compares the classes.
    mutating func compareClasses() {
        for pair in Comparison.pairs(old.classes, new.classes, name: \.name) {
            let subject = Subject(.trafficClass, pair.name)
            guard let first = pair.members.0, let second = pair.members.1 else {
                let words = (
                    pair.members.0.map { "in tier \(old.tiers[$0.tier].name)" },
                    pair.members.1.map { "in tier \(new.tiers[$0.tier].name)" }
                )
                addPresence(subject, words.0, words.1, pair.members.0 == nil ? .gains : .loses)
                continue
            }
            compareTier(subject, .tier, first.tier, second.tier)
            compareNature(first, second, subject)
            compareOnLimit(first.onLimit, second.onLimit, subject)
            compareStages(first, second, subject)
        }
    }

    private mutating func compareNature(_ first: TrafficClass, _ second: TrafficClass, _ subject: Subject) {
        add(subject, .consequence, .text(first.consequence.name), .text(second.consequence.name), .changes)
        add(subject, .owner, .text(first.owner), .text(second.owner), .changes)
        add(
            subject, .isolated, .flag(first.isolated), .flag(second.isolated), .changes,
            note: second.isolated
                ? "it neither borrows nor lends any more; see what it gets in each plan"
                : "it borrows and lends from now on; see what it gets in each plan")
        add(
            subject, .governed, .flag(first.governed), .flag(second.governed), second.governed ? .loses : .gains)
        compareNearMiss(first.nearMissBasisPoints, second.nearMissBasisPoints, subject)
        add(subject, .backoff, .flag(first.advertisesBackoff), .flag(second.advertisesBackoff), .changes)
        add(
            subject, .mustNotCompete, .texts(first.mustNotCompete.map { old.classes[$0].name }),
            .texts(second.mustNotCompete.map { new.classes[$0].name }), .changes)
    }

    private mutating func compareOnLimit(
        _ first: TrafficClass.OnLimit?, _ second: TrafficClass.OnLimit?, _ subject: Subject
    ) {
        let duration = { (time: Nanoseconds?) in time.map(Value.duration) ?? .none }
        add(subject, .reschedule, duration(first?.reschedule), duration(second?.reschedule), .changes)
        add(subject, .escalateAfter, duration(first?.escalateAfter), duration(second?.escalateAfter), .changes)
        let fallbacks = [first, second].map { $0?.fallback.map(Value.text) ?? .none }
        add(subject, .fallback, fallbacks[0], fallbacks[1], .changes)
    }

    /// A milder stage refuses less of the class's own work, so that is a gain for it, and a stricter one a loss.
    private mutating func compareStages(_ first: TrafficClass, _ second: TrafficClass, _ subject: Subject) {
        add(
            subject, .stage, .text(first.stage.name), .text(second.stage.name), rank: (first.stage, second.stage),
            better: .less, note: second.stage == .enforce ? "its work can now be refused" : nil)
        guard first.blackouts != second.blackouts else { return }
        add(
            subject, .blackouts, .texts(first.blackouts.map(\.words)), .texts(second.blackouts.map(\.words)),
            Comparison.verdict(blackouts: first, second))
    }

    private static func verdict(blackouts first: TrafficClass, _ second: TrafficClass) -> Verdict {
        var isMilder = false
        var isStricter = false
        for minute in 0..<WeekWindows.minutesPerWeek {
            let stages = (first.stage(inMinute: minute), second.stage(inMinute: minute))
            isMilder = isMilder || stages.1 < stages.0
            isStricter = isStricter || stages.1 > stages.0
        }
        return isMilder == isStricter ? .changes : isMilder ? .gains : .loses
    }
}
