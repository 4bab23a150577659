internal import Policy

/// Carries a plan out.
struct ApplyRunner {
    private let api: ControlAPI
    private let plan: ApplyPlan

    /// Takes a plan.
    init(_ api: ControlAPI, _ plan: ApplyPlan) {
        self.api = api
        self.plan = plan
    }

    /// Makes one change after the other.
    ///
    /// Where one fails, those that share its version are not tried: they rest on what was read before. Where the server
    /// is gone or does not know the caller any more, nothing more is tried at all.
    func run(telling report: inout ApplyReport) async {
        var tags = plan.tags
        var failed: Set<String> = []
        var isOver = false
        for step in plan.steps {
            guard !isOver, !failed.contains(step.scope) else {
                report.skipped(step)
                continue
            }
            do {
                let answer = try await api.call(step.call, step.parameters, body: step.body, tag: tags[step.scope])
                tags[step.scope] = answer.tag
                report.done(step)
            } catch let failure as ControlFailure {
                failed.insert(step.scope)
                isOver = [401, 429, 503].contains(failure.problem.status)
                report.failed(step, failure.problem.text)
            } catch {
                isOver = true
                report.failed(
                    step, "error: \(error)\n  help: whether this was done is not known; apply the file again\n")
            }
        }
    }
}
