internal import Vocabulary

extension Comparison {
    /// Compares what is known of the health of the system, and what follows from it.
    mutating func compareHealth() {
        let subject = Subject(.health)
        guard let first = old.health, let second = new.health else {
            guard old.health != new.health else { return }
            let words = Value.text("picks between the ceilings of envelopes")
            return add(
                subject, .presence, old.health == nil ? .none : words, new.health == nil ? .none : words, .changes)
        }
        func upstream(_ health: HealthPolicy) -> Value {
            health.upstream.map { .text(HealthWords.meaning(of: $0)) } ?? .none
        }
        add(subject, .upstreamHealth, upstream(first), upstream(second), .changes)
        add(
            subject, .settle, .duration(first.settle), .duration(second.settle), rank: (first.settle, second.settle),
            better: .less)
        add(
            subject, .shed, .share(first.shedBasisPoints), .share(second.shedBasisPoints),
            rank: (first.shedBasisPoints, second.shedBasisPoints), better: .less)
        add(
            subject, .tenantErrors, .text(HealthWords.meaning(of: first.tenantErrors)),
            .text(HealthWords.meaning(of: second.tenantErrors)), .changes)
        for pair in Comparison.pairs(first.signals, second.signals, name: \.name) {
            func value(_ signal: HealthPolicy.Signal?) -> Value {
                signal.map { .text(HealthWords.meaning(of: $0)) } ?? .none
            }
            add(
                Subject(.signal, pair.name), .signalMeaning, value(pair.members.0), value(pair.members.1), .changes)
        }
    }
}
