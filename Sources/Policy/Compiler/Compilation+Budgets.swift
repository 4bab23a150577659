internal import Vocabulary

extension Compilation {
    /// Lowers the regions, sorted by name.
    mutating func lowerRegions() -> [Region?] {
        document.regions.sorted { $0.name.value < $1.name.value }.map { region in
            let budget = region.budget.flatMap { lower($0, of: "the region \(region.name.value.quoted)") }
            return budget.map { Region(name: region.name.value, budget: $0) }
        }
    }

    /// Lowers a budget whose lanes are the tiers.
    ///
    /// A tier's lane is guaranteed its reserved share of the baseline: what holds under stress is what can be promised.
    mutating func lower(_ specification: BudgetSpecification, of owner: String) -> Budget? {
        let holdbacks = holdbacks
        var lanes: [Budget.LaneRequest] = []
        for (tier, holdback) in zip(document.tiers, holdbacks) {
            guard let reserve = tier.reserve, reserve.value > 0 else {
                lanes.append(Budget.LaneRequest(holdbackBasisPoints: holdback))
                continue
            }
            let burst = Int64(Int128(specification.burst) * Int128(reserve.value) / 10_000)
            guard let guarantee = specification.baseline.share(basisPoints: reserve.value) else {
                reportTooFine(specification, of: owner)
                return nil
            }
            if burst == 0 {
                let place = specification.statedBurst?.span ?? specification.span
                log.error(
                    .burstTooSmall,
                    "the burst of \(owner) is \(specification.burst), so the \(UnitText.percentage(reserve.value)) that the "
                        + "tier \(tier.name.value.quoted) reserves are less than one cost unit", at: place,
                    suggestion: "raise the burst to \((10_000 + reserve.value - 1) / reserve.value) or more")
            }
            lanes.append(
                Budget.LaneRequest(guarantee: guarantee, guaranteeBurst: burst, holdbackBasisPoints: holdback))
        }
        lanes.append(Budget.LaneRequest(holdbackBasisPoints: holdbacks.last ?? 0))
        return budget(specification, of: owner, lanes: lanes)
    }

    /// Compiles a budget.
    ///
    /// The caller has checked the sums, with the numbers that an author needs; here remains what only exact units can
    /// tell.
    mutating func budget(
        _ specification: BudgetSpecification, of owner: String, lanes: [Budget.LaneRequest]
    ) -> Budget? {
        do {
            return try Budget(rates: specification.rates.map(\.value), burst: specification.burst, lanes: lanes)
        } catch {
            if case .tooFine = error { reportTooFine(specification, of: owner) }
            return nil
        }
    }

    private mutating func reportTooFine(_ specification: BudgetSpecification, of owner: String) {
        log.error(
            .notExact,
            "\(owner) cannot be counted exactly: its rates, shares and bursts have no common unit in 64 bits",
            at: specification.span,
            suggestion: "use rounder numbers, periods that divide one another, or a smaller burst")
    }

    /// Compiles a budget without lanes.
    mutating func meter(_ rate: Located<Rate>, burst: Int64) -> Meter? {
        if let meter = Meter(rate: rate.value, burst: burst) { return meter }
        log.error(
            .notExact, "the rate \(rate.value) with a burst of \(burst) cannot be counted exactly in 64 bits",
            at: rate.span, suggestion: "use rounder numbers or a smaller burst")
        return nil
    }
}

extension Rate {
    /// A share of the rate, in hundredths of a percent: exact, in lowest terms.
    ///
    /// `nil` if the share is nothing, or if 64 bits cannot hold it.
    func share(basisPoints: Int64) -> Rate? {
        let amount = UInt128(amount.magnitude) * UInt128(basisPoints.magnitude)
        let period = UInt128(self.period.count.magnitude) * 10_000
        var (divisor, rest) = (amount, period)
        while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
        guard divisor > 0, let amount = Int64(exactly: amount / divisor), let period = Int64(exactly: period / divisor)
        else { return nil }
        return Rate(amount: amount, period: Nanoseconds(period))
    }
}
