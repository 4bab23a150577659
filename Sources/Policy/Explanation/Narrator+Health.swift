internal import Vocabulary

extension Narrator {
    /// What is known of the health of the system behind; nothing where the policy does not ask.
    var health: [Section] {
        guard let health = snapshot.health else { return [] }
        var sentences = health.signals.map { "Signal \($0.name): \(HealthWords.meaning(of: $0))." }
        if let upstream = health.upstream {
            sentences.append("By its answers the system is \(HealthWords.meaning(of: upstream)).")
        }
        sentences.append(
            "The worst of it counts at once, and what is better counts one step at a time after "
                + "\(Wording.duration(health.settle)). While there is capacity to spare the ceiling `overload` of every "
                + "envelope holds, while the system is steady `burst`, else `baseline`.")
        sentences.append(
            "For a tenant only `baseline` holds while the API answers \(HealthWords.meaning(of: health.tenantErrors)) of "
                + "it with 400 to 499.")
        if health.shedBasisPoints > 0 {
            sentences.append(
                "While the system is overloaded, \(UnitText.percentage(health.shedBasisPoints)) of the work that no "
                    + "reserve covers is refused seats, the least protected first.")
        }
        return [Section(kind: "health", name: nil, sentences: sentences)]
    }
}
