package import Vocabulary

/// One deviation of a tenant from what its plan says: a budget or a quota that is another one for it.
package struct Adjustment: Hashable, Sendable {
    /// Which budget or quota.
    package var target: Target
    /// What becomes of it.
    package var change: Change

    /// States a deviation.
    package init(_ target: Target, _ change: Change) {
        self.target = target
        self.change = change
    }

    /// A part of a plan that can be changed for one tenant.
    package enum Target: Hashable, Sendable {
        /// The tenant's whole budget: its rates and its burst. Lanes stay as they are.
        case tenant
        /// The lane of a class: its guarantee and its ceiling.
        case trafficClass(String)
        /// The budget of an operation.
        case operation(String)
        /// A calendar allowance.
        case quota(QuotaUnit, CalendarPeriod)
    }

    /// What becomes of a part.
    package enum Change: Hashable, Sendable {
        /// All its numbers are multiplied by so many thousandths: 2,000 doubles.
        case factor(thousandths: Int64)
        /// A rate, and how much of it may come at once; without a burst, that of the plan in the same proportion.
        case rate(Rate, burst: Int64?)
        /// An allowance: of quotas alone.
        case amount(Int64)
    }

    /// The factor that changes nothing.
    package static let one: Int64 = 1_000
    /// The largest factor, a thousandfold: what is more is another plan.
    package static let factorMax: Int64 = 1_000_000
}

extension Adjustment.Target: CustomStringConvertible, Comparable {
    /// As commands, events and reports write it: `tenant`, `class/export`, `operation/search`, `quota/requests/month`.
    package var description: String {
        switch self {
        case .tenant: "tenant"
        case .trafficClass(let name): "class/\(name)"
        case .operation(let name): "operation/\(name)"
        case .quota(let unit, let period): "quota/\(unit.name)/\(period.name)"
        }
    }

    /// Reads what `description` writes; `nil` for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        switch (parts.first, parts.count) {
        case ("tenant", 1): self = .tenant
        case ("class", 2) where !parts[1].isEmpty: self = .trafficClass(parts[1])
        case ("operation", 2) where !parts[1].isEmpty: self = .operation(parts[1])
        case ("quota", 3):
            guard let unit = QuotaUnit.allCases.first(where: { $0.name == parts[1] }),
                let period = CalendarPeriod.allCases.first(where: { $0.name == parts[2] })
            else { return nil }
            self = .quota(unit, period)
        default: return nil
        }
    }

    package static func < (left: Self, right: Self) -> Bool { left.description < right.description }
}

extension Adjustment.Change: CustomStringConvertible {
    /// `×2.5`, `500/s`, `500/s burst 1000`, `8000000`.
    package var description: String {
        switch self {
        case .factor(let thousandths):
            let fraction = thousandths % 1_000
            guard fraction > 0 else { return "×\(thousandths / 1_000)" }
            var digits = String(fraction + 1_000).dropFirst()
            while digits.last == "0" { digits.removeLast() }
            return "×\(thousandths / 1_000).\(digits)"
        case .rate(let rate, let burst): return burst.map { "\(rate) burst \($0)" } ?? "\(rate)"
        case .amount(let amount): return "\(amount)"
        }
    }
}

extension Adjustment: CustomStringConvertible {
    /// `class/export ×2`.
    package var description: String { "\(target) \(change)" }
}

/// Why a plan cannot be changed as an adjustment says.
package struct AdjustmentProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong and what would be right, as one sentence.
    package let description: String

    /// States the problem.
    package init(_ description: String) { self.description = description }
}
