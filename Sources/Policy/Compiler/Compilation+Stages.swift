internal import Vocabulary

extension Compilation {
    /// The stage of each class outside of blackouts.
    mutating func lowerStages() -> [Stage] {
        var stages = [Stage](repeating: document.stages.standard?.value ?? .enforce, count: classes.count)
        for (name, stage) in document.stages.classes {
            if let index = resolve(name, in: classNames) { stages[index] = stage.value }
        }
        return stages
    }

    /// The order in which classes graduate, with a check that they do.
    mutating func lowerStageOrder(_ stages: [Stage]) -> [Int] {
        let named = document.stages.order
        let order = named.compactMap { name in resolve(name, in: classNames).map { (name: name, index: $0) } }
        for (earlier, later) in zip(order, order.dropFirst()) where stages[earlier.index] < stages[later.index] {
            log.error(
                .stageOrder,
                "\(later.name.value.quoted) is in stage `\(stages[later.index].name)`, but \(earlier.name.value.quoted), "
                    + "which graduates before it, is still in `\(stages[earlier.index].name)`", at: later.name.span,
                suggestion: "let \(earlier.name.value.quoted) graduate first, or change the order",
                notes: [Diagnostic.Note("\(earlier.name.value.quoted) comes first here", at: earlier.name.span)])
        }
        return order.map(\.index)
    }

    /// The blackouts of each class, merged and sorted.
    mutating func lowerBlackouts(_ stages: [Stage]) -> [[TrafficClass.Blackout]] {
        var minutes = [[Stage: WeekWindows]](repeating: [:], count: classes.count)
        var earlier: [(blackout: PolicyDocument.Blackout, classes: Set<Int>, windows: WeekWindows)] = []
        for blackout in document.stages.blackouts {
            let affected = blackout.classes?.compactMap { resolve($0, in: classNames) } ?? Array(classes.indices)
            let windows = WeekWindows(days: blackout.days, from: blackout.from, to: blackout.to)
            for index in affected { minutes[index][blackout.stage.value, default: WeekWindows()].formUnion(windows) }
            checkEffect(of: blackout, affected.map { stages[$0] })
            for other in earlier where other.blackout.stage.value != blackout.stage.value {
                guard !other.classes.isDisjoint(with: affected), other.windows.overlaps(windows) else { continue }
                log.warning(
                    .blackoutConflict,
                    "this blackout overlaps with one that asks for `\(other.blackout.stage.value.name)`; where both hold, "
                        + "the milder stage does", at: blackout.stage.span,
                    suggestion: "separate the times or the classes",
                    notes: [Diagnostic.Note("the other one is here", at: other.blackout.stage.span)])
            }
            earlier.append((blackout, Set(affected), windows))
        }
        return minutes.map { byStage in
            Stage.allCases.flatMap { stage in
                (byStage[stage] ?? WeekWindows()).ranges.map {
                    TrafficClass.Blackout(startMinute: $0.start, endMinute: $0.end, stage: stage)
                }
            }
        }
    }

    private mutating func checkEffect(of blackout: PolicyDocument.Blackout, _ stages: [Stage]) {
        guard !stages.isEmpty, stages.allSatisfy({ $0 <= blackout.stage.value }) else { return }
        log.warning(
            .noEffect,
            "this blackout changes nothing: its classes are in stage `\(blackout.stage.value.name)` or a milder one anyway",
            at: blackout.stage.span, suggestion: "choose a milder stage, or remove the blackout")
    }
}
