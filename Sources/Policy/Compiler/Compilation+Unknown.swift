internal import Vocabulary

extension Compilation {
    /// Fills in what `unknown` does not say; `nil` if the quarantine's budget cannot be counted.
    mutating func lowerUnknown() -> UnknownTreatment? {
        let stated = document.unknown
        let cost = max(stated.cost?.value ?? 1, highestCost)
        if let lower = stated.cost, lower.value < cost {
            log.warning(
                .noEffect,
                "an unknown request costs \(cost) all the same, as much as the most expensive operation; otherwise it "
                    + "would pay to be unknown", at: lower.span,
                suggestion: "write at least `\(cost)`, or remove `cost`")
        }
        let rate = stated.rate ?? Located(standardQuarantineRate, at: stated.span ?? document.start)
        let burst = stated.burst?.value ?? max(rate.value.amount, cost)
        guard let meter = meter(rate, burst: burst) else { return nil }
        return UnknownTreatment(
            credential: stated.credential ?? .block, operation: stated.operation ?? .quarantine, cost: cost,
            quarantine: meter)
    }

    /// The highest cost of any operation: what nobody knows is taken for the worst.
    private var highestCost: Int64 {
        let costs: [Int64] = operations.flatMap { operation in
            [operation.cost?.value ?? 1] + operation.rules.compactMap(\.cost?.value)
        }
        return costs.max() ?? 1
    }

    /// One hundredth of the service's baseline, rounded down, but at least 1/s; 10/s without a service budget.
    private var standardQuarantineRate: Rate {
        guard let baseline = document.service?.baseline else { return Rate(amount: 10, period: .second) }
        let minimum = Rate(amount: 1, period: .second)
        guard baseline.amount >= 100 else { return minimum }
        let rate = Rate(amount: baseline.amount / 100, period: baseline.period)
        return minimum.isFaster(than: rate) ? minimum : rate
    }
}
