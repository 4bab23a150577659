/// An amount per period: `300/s` is 300 per second, `7/3s` is 7 per three seconds.
///
/// Kept as the policy says it, never as a quotient, so that 7 per 3 s stays exact.
package struct Rate: Hashable, Sendable {
    /// The amount, in cost units; at least 1.
    package var amount: Int64
    /// The period in which the amount flows in; at least one nanosecond, at most a day.
    package var period: Nanoseconds

    /// States an amount per period.
    ///
    /// - Precondition: both are positive.
    package init(amount: Int64, period: Nanoseconds) {
        precondition(amount > 0 && period.count > 0, "a rate is positive (is \(amount) per \(period.count) ns)")
        self.amount = amount
        self.period = period
    }
}

extension Rate: CustomStringConvertible {
    /// The rate as a policy writes it: `300/s`, `7/3s`, `100000/day`.
    package var description: String {
        // 2 per 5 ms is what a share of 400/s reduces to; people read it as 400/s.
        let second = Nanoseconds.second.count
        if period.count < second, second % period.count == 0, amount <= Int64.max / second {
            return "\(amount * (second / period.count))/s"
        }
        let units: [(Int64, String)] = [
            (86_400_000_000_000, "day"), (3_600_000_000_000, "h"), (60_000_000_000, "min"), (1_000_000_000, "s"),
            (1_000_000, "ms"), (1_000, "us"), (1, "ns"),
        ]
        for (size, name) in units where period.count % size == 0 {
            let multiple = period.count / size
            return multiple == 1 ? "\(amount)/\(name)" : "\(amount)/\(multiple)\(name)"
        }
        return "\(amount)/\(period.count)ns"
    }
}

/// What a quota counts.
package enum QuotaUnit: UInt8, CaseIterable, BitwiseCopyable, Sendable {
    /// Admitted requests, whatever they cost.
    case requests
    /// Cost units.
    case cost
    /// Bytes of request and response, as reported by the caller.
    case bytes

    /// The word that policies, headers and records use.
    package var name: String {
        switch self {
        case .requests: "requests"
        case .cost: "cost"
        case .bytes: "bytes"
        }
    }
}
