internal import Vocabulary

/// Words about health.
enum HealthWords {
    /// What a signal means, in a clause.
    static func meaning(of signal: HealthPolicy.Signal) -> String {
        let absent = "while nobody tells it, \(signal.absent.name)"
        guard let marks = signal.marks else { return "told as a word; \(absent)" }
        let parts = [
            marks.steady.map { ("steady", $0) }, marks.stressed.map { ("stressed", $0) },
            marks.overloaded.map { ("overloaded", $0) },
        ].compactMap(\.self)
        let side = marks.isFalling ? "down" : "on"
        let words = parts.map { "\($0.0) from \(NumberText.grouped($0.1)) \(side)" }
        return Wording.list(words) + "; \(absent)"
    }

    /// When answers say that the system is stressed.
    static func meaning(of upstream: HealthPolicy.Upstream) -> String {
        "stressed from \(UnitText.percentage(upstream.errorBasisPoints)) of failures on, or when answers take "
            + "\(UnitText.percentage(upstream.slowdownBasisPoints)) longer than usual; steady from half of that on"
    }

    /// Which tenants have too many failures.
    static func meaning(of errors: HealthPolicy.TenantErrors) -> String {
        "\(UnitText.percentage(errors.shareBasisPoints)) of at least \(NumberText.count(errors.least, "request", "requests")) "
            + "within \(Wording.duration(errors.window))"
    }
}
