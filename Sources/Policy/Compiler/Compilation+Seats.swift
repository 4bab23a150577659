extension Compilation {
    /// Fills in what `seats` does not say, and checks it and the tiers' part of the seats.
    mutating func lowerSeats() -> Seats {
        let stated = document.seats
        let limit = lowerLimit(stated)
        let waitingMax = stated.waiting.map { Int($0.value) } ?? Seats.standardWaitingMax
        checkFloors()
        for tier in document.tiers { checkSeats(of: tier, waitingMax: waitingMax) }
        for operation in operations { checkSeats(of: operation, limitMax: limit.max) }
        return Seats(
            limit: limit, waitingMax: waitingMax, hasThreshold: stated.hasThreshold?.value ?? Seats.standardThreshold)
    }

    private mutating func lowerLimit(_ stated: PolicyDocument.Seats) -> Seats.Limit {
        if let fixed = stated.fixed {
            for bound in [stated.min, stated.first, stated.max].compactMap(\.self) {
                log.warning(
                    .noEffect, "the limit of seats is stated, so nothing looks for one", at: bound.span,
                    suggestion: "remove `min`, `first` and `max`, or write `limit: adaptive`",
                    notes: [Diagnostic.Note("the limit is stated here", at: fixed.span)])
            }
            return .fixed(Int(fixed.value))
        }
        checkOrder(stated.min, "lowest", stated.max, "highest")
        checkOrder(stated.min, "lowest", stated.first, "first")
        checkOrder(stated.first, "first", stated.max, "highest")
        guard case .adaptive(let min, let first, let max) = Seats.Limit.standard else { return .standard }
        // What is stated moves what is not.
        let bounds = [stated.min, stated.first, stated.max].compactMap { $0.map { Int($0.value) } }
        let lowest = stated.min.map { Int($0.value) } ?? Swift.min(min, bounds.min() ?? min)
        let highest = stated.max.map { Int($0.value) } ?? Swift.max(max, bounds.max() ?? max)
        let beginning = stated.first.map { Int($0.value) } ?? Swift.max(lowest, Swift.min(first, highest))
        guard lowest <= beginning, beginning <= highest else { return .standard }
        return .adaptive(min: lowest, first: beginning, max: highest)
    }

    private mutating func checkOrder(
        _ lower: Located<Int64>?, _ lowerWord: String, _ higher: Located<Int64>?, _ higherWord: String
    ) {
        guard let lower, let higher, lower.value > higher.value else { return }
        log.error(
            .invalidValue, "the \(lowerWord) limit of seats is above the \(higherWord) one", at: lower.span,
            suggestion: "write at most `\(higher.value)`",
            notes: [Diagnostic.Note("the \(higherWord) limit is stated here", at: higher.span)])
    }

    /// Floors are shares of what starts, and seats that no reserve may take.
    private mutating func checkFloors() {
        let sum = document.tiers.reduce(0) { $0 + ($1.floor?.value ?? Tier.standardFloor) }
        guard let last = document.tiers.last(where: { $0.floor != nil })?.floor else { return }
        guard sum <= 10_000 else {
            log.error(
                .floorsExceedWhole, "the floors of all tiers add up to \(UnitText.percentage(sum))", at: last.span,
                suggestion: "write a few percent for each tier: a floor only keeps work from starving")
            return
        }
        let reserves = document.tiers.reduce(0) { $0 + ($1.reserve?.value ?? 0) }
        guard reserves <= 10_000, reserves + sum > 10_000 else { return }
        log.warning(
            .floorsCutReserves,
            "the reserves add up to \(UnitText.percentage(reserves)) and the floors to \(UnitText.percentage(sum)), so "
                + "the last reserves have fewer seats than they state", at: last.span,
            suggestion: "leave the floors what no reserve takes")
    }

    /// Finds what a tier says about its seats without effect.
    private mutating func checkSeats(of tier: PolicyDocument.Tier, waitingMax: Int) {
        if let kept = tier.kept, tier.reserve?.value ?? 0 == 0 {
            log.warning(
                .noEffect, "the tier \(tier.name.value.quoted) has no reserve of which a part could be kept",
                at: kept.span, suggestion: "add `reserve`, or remove `kept`")
        }
        guard let queue = tier.queue else { return }
        if let perTenant = queue.perTenant, perTenant.value > queue.depth.value {
            log.warning(
                .noEffect,
                "no tenant can have \(perTenant.value) requests waiting where \(queue.depth.value) may wait",
                at: perTenant.span, suggestion: "write less than `\(queue.depth.value)`, or remove `perTenant`")
        }
        if queue.depth.value > Int64(waitingMax) {
            log.warning(
                .noEffect, "\(queue.depth.value) cannot wait in one tier where \(waitingMax) may wait in all",
                at: queue.depth.span, suggestion: "write at most `\(waitingMax)`, or raise `waiting` in `seats`")
        }
    }

    private mutating func checkSeats(of operation: PolicyDocument.Operation, limitMax: Int) {
        guard let seats = operation.seats, seats.value > Int64(limitMax) else { return }
        log.warning(
            .noEffect,
            "a call of \(operation.name.value.quoted) cannot take \(seats.value) seats: there are \(limitMax) at most",
            at: seats.span, suggestion: "write at most `\(limitMax)`, or raise the limit in `seats`")
    }
}

extension DiagnosticCode {
    /// Floors above the whole.
    static let floorsExceedWhole = DiagnosticCode("floors-exceed-whole")
    /// Floors that leave reserves fewer seats than they state.
    static let floorsCutReserves = DiagnosticCode("floors-cut-reserves")
}
