internal import Journal
internal import Policy

/// Tells what is to be changed and what became of it: line by line for people, as one document for scripts.
struct ApplyReport {
    private let isJSON: Bool
    private let plan: ApplyPlan
    private var told: [Policy.JSONValue] = []
    private var counts = (done: 0, failed: 0, skipped: 0)

    /// Tells of a plan.
    init(isJSON: Bool, _ plan: ApplyPlan) {
        self.isJSON = isJSON
        self.plan = plan
    }

    /// Whether all of it was done.
    var isComplete: Bool { counts.failed + counts.skipped == 0 }

    /// Says what is to be changed.
    func tellPlan() {
        guard !isJSON else { return }
        for step in plan.steps {
            Terminal.write(step.text(isColoured: Terminal.isColoured))
        }
        for note in plan.notes { Terminal.writeError("note: \(note.forTerminal)\n") }
        for obstacle in plan.obstacles { Terminal.writeError("error: \(obstacle.forTerminal)\n") }
        if plan.steps.isEmpty, plan.obstacles.isEmpty { Terminal.write("nothing to change\n") }
    }

    /// A change was made.
    mutating func done(_ step: ApplyPlan.Step) {
        counts.done += 1
        told.append(step.json(state: "done"))
        if !isJSON { Terminal.write("done: \(step.kind.rawValue) \(step.subject)\n") }
    }

    /// A change was not made.
    mutating func failed(_ step: ApplyPlan.Step, _ problem: String) {
        counts.failed += 1
        told.append(step.json(state: "failed", problem: problem))
        Terminal.writeError("failed: \(step.kind.rawValue) \(step.subject)\n\(problem)")
    }

    /// A change was not tried.
    mutating func skipped(_ step: ApplyPlan.Step) {
        counts.skipped += 1
        told.append(step.json(state: "skipped"))
        Terminal.writeError("not tried: \(step.kind.rawValue) \(step.subject)\n")
    }

    /// Says how much was done.
    func tellOutcome() {
        guard !isJSON else { return Terminal.write(document(told).document) }
        guard !isComplete else { return Terminal.write("\(counted(counts.done, "change")) made\n") }
        Terminal.writeError("\(counts.done) made, \(counts.failed) failed, \(counts.skipped) not tried\n")
    }

    /// Gives scripts the plan, of which nothing was tried.
    func tellPlanned() {
        guard isJSON else { return }
        Terminal.write(document(plan.steps.map { $0.json(state: "planned") }).document)
    }

    private func document(_ changes: [Policy.JSONValue]) -> Policy.JSONValue {
        [
            "changes": .array(changes), "notes": .strings(plan.notes), "problems": .strings(plan.obstacles),
        ]
    }
}
