package import Vocabulary

/// How much a tenant has used of one thing: what must survive a restart.
package struct UsageEntry: Hashable, Sendable {
    /// Whose use it is.
    package var tenant: TenantKey
    /// Of what, and how much.
    package var use: Use

    /// What can be used, and how much was.
    ///
    /// Independent of plans, so that use stays when a tenant changes plan.
    package enum Use: Hashable, Sendable {
        /// A calendar allowance: what the period with this number (`CalendarPeriod.index`) has consumed.
        case quota(unit: QuotaUnit, period: CalendarPeriod, index: Int32, used: Int64)
        /// A budget slow enough to outlive a restart: what its bucket held at a moment, in the budget's own units.
        ///
        /// The slot is the gateway's name for it, such as `tenant` or `class/export`.
        case level(slot: String, level: Int64, wall: WallTime)
    }

    /// States a use.
    package init(tenant: TenantKey, use: Use) {
        self.tenant = tenant
        self.use = use
    }

    /// What the entry is about: a later entry with the same key replaces it.
    var key: UsageKey { UsageKey(tenant: tenant, slot: UsageSlot(use)) }
}

/// What an entry is about.
struct UsageKey: Hashable, Sendable {
    /// Whose use it is.
    let tenant: TenantKey
    /// Of what.
    let slot: UsageSlot
}

/// Something that can be used, as the file names it.
enum UsageSlot: Hashable, Sendable {
    /// A calendar allowance.
    case quota(unit: QuotaUnit, period: CalendarPeriod)
    /// A budget.
    case level(slot: String)

    /// The slot of a use.
    init(_ use: UsageEntry.Use) {
        switch use {
        case .quota(let unit, let period, _, _): self = .quota(unit: unit, period: period)
        case .level(let slot, _, _): self = .level(slot: slot)
        }
    }

    /// Reads a slot back from its two columns; `nil` for what this version does not know.
    init?(kind: String, name: String) {
        switch kind {
        case "level": self = .level(slot: name)
        case "quota":
            let parts = name.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, let unit = QuotaUnit.allCases.first(where: { $0.name == parts[0] }),
                let period = CalendarPeriod.allCases.first(where: { $0.name == parts[1] })
            else { return nil }
            self = .quota(unit: unit, period: period)
        default: return nil
        }
    }

    /// The column that tells quotas from budgets.
    var kind: String {
        switch self {
        case .quota: "quota"
        case .level: "level"
        }
    }

    /// The column that tells which one.
    var name: String {
        switch self {
        case .quota(let unit, let period): "\(unit.name)/\(period.name)"
        case .level(let slot): slot
        }
    }

    /// Moments before this one mean nothing any more.
    ///
    /// Quotas keep the period before the present one, should the clock have been ahead. A bucket that nobody touched
    /// for 40 days is taken for full; the slowest rate a policy can state fills one unit a day.
    func horizon(at wall: WallTime) -> Int64 {
        switch self {
        case .quota(_, let period): Int64(period.index(at: wall)) - 1
        case .level: wall.milliseconds - 40 * CivilDate.millisecondsPerDay
        }
    }

    /// Joins slot, tenant and the two numbers of a row to an entry.
    func entry(tenant: TenantKey, amount: Int64, moment: Int64) -> UsageEntry {
        switch self {
        case .quota(let unit, let period):
            UsageEntry(
                tenant: tenant,
                use: .quota(unit: unit, period: period, index: Int32(clamping: moment), used: amount))
        case .level(let slot):
            UsageEntry(
                tenant: tenant, use: .level(slot: slot, level: amount, wall: WallTime(milliseconds: moment)))
        }
    }
}

extension UsageEntry.Use {
    /// How much: used, or still in the bucket.
    var amount: Int64 {
        switch self {
        case .quota(_, _, _, let used): used
        case .level(_, let level, _): level
        }
    }

    /// When: the number of the period, or milliseconds since 1970.
    var moment: Int64 {
        switch self {
        case .quota(_, _, let index, _): Int64(index)
        case .level(_, _, let wall): wall.milliseconds
        }
    }
}
