package import Directory
package import Policy
internal import Vocabulary

extension GrantFacts {
    /// The grant that an event states; `nil` if it states none.
    package var grant: Grant? {
        guard let kind = Grant.Kind(rawValue: kind) else { return nil }
        let read = adjustments.map(\.adjustment)
        guard read.allSatisfy({ $0 != nil }) else { return nil }
        return Grant(
            id: id, kind: kind, adjustments: read.compactMap { $0 }, features: features, from: from.moment,
            until: until?.moment, reason: reason, review: review?.moment)
    }

    /// States a grant as an event does.
    package init(_ grant: Grant) {
        self.init(
            id: grant.id, kind: grant.kind.rawValue, adjustments: grant.adjustments.map(AdjustmentFacts.init),
            features: grant.features, from: EventTime(grant.from), until: grant.until.map(EventTime.init),
            reason: grant.reason, review: grant.review.map(EventTime.init))
    }
}

extension AdjustmentFacts {
    /// The deviation that an event states; `nil` if it states none.
    package var adjustment: Adjustment? {
        guard let target = Adjustment.Target(target) else { return nil }
        switch (factor, rate, period, amount) {
        case (let factor?, nil, nil, nil) where (1...Adjustment.factorMax).contains(factor):
            return Adjustment(target, .factor(thousandths: factor))
        case (nil, let rate?, let period?, nil)
        where rate > 0 && (1...Nanoseconds.day.count).contains(period) && burst ?? 1 > 0:
            return Adjustment(target, .rate(Rate(amount: rate, period: Nanoseconds(period)), burst: burst))
        case (nil, nil, nil, let amount?) where amount > 0: return Adjustment(target, .amount(amount))
        default: return nil
        }
    }

    /// States a deviation as an event does.
    package init(_ adjustment: Adjustment) {
        target = adjustment.target.description
        switch adjustment.change {
        case .factor(let thousandths): factor = thousandths
        case .rate(let rate, let burst):
            self.rate = rate.amount
            period = rate.period.count
            self.burst = burst
        case .amount(let amount): self.amount = amount
        }
    }
}
