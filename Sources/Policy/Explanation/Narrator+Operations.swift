extension Narrator {
    /// The operations.
    var operations: [Section] {
        snapshot.operations.indices.map { index in
            let operation = snapshot.operations[index]
            return Section(
                kind: "operation", name: operation.name,
                sentences: place(of: index) + nature(of: operation) + demands(of: operation))
        }
    }

    private func place(of index: Int) -> [String] {
        let patterns = snapshot.operations[index].patterns
        let tiers = placements.byOperation[index].map { placement in
            let reason = placement.trafficClass.map { ", the tier of class \(snapshot.classes[$0].name)" } ?? ""
            let condition = placement.condition.isAlways ? "" : " " + placement.condition.words
            return "tier \(snapshot.tiers[placement.tier].name)\(condition)\(reason)"
        }
        return [
            patterns.isEmpty ? "Callers name it; no path leads to it." : "\(Wording.list(patterns, "or")).",
            "It is in \(Wording.list(tiers, "and in")).",
        ]
    }

    private func nature(of operation: Operation) -> [String] {
        var sentences: [String] = []
        if let trafficClass = operation.trafficClass {
            sentences.append(
                "It is work of class \(snapshot.classes[trafficClass].name) unless the caller is granted another class "
                    + "and claims it.")
        }
        if operation.costs != [1] {
            sentences.append("It counts as \(Wording.list(operation.costs.map { NumberText.grouped($0) }, "or")).")
        }
        if operation.seats > 1 {
            sentences.append("A call takes \(NumberText.grouped(operation.seats)) seats while it runs.")
        }
        return sentences
    }

    private func demands(of operation: Operation) -> [String] {
        var sentences: [String] = []
        if let feature = operation.feature {
            sentences.append("The tenant's plan must have the feature \(feature).")
        }
        if operation.idempotency == .required {
            sentences.append(
                "Callers must send an idempotency key; where Headgate is the proxy, calls without are refused.")
        }
        return sentences
    }
}
