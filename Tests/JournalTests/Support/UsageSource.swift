import Synchronization
import Vocabulary

@testable import Journal

/// One tenant's use, as tests write it down.
struct TenantUse: Hashable, Sendable {
    var tenant: UInt128
    var shape: UsageShape
    var wall: WallTime
    var numbers: [Int64]
}

/// Says what changed when it is asked, as an engine does: each tenant once, as it is then.
final class UsageSource: Sendable {
    private let waiting = Mutex<[UInt128: TenantUse]>([:])

    init() {}

    /// A source that a store asks.
    convenience init(of store: UsageStore) {
        self.init()
        store.attach { [self] _ in take() }
    }

    /// Notes what changed.
    func note(_ uses: [TenantUse]) {
        waiting.withLock { waiting in
            for use in uses { waiting[use.tenant] = use }
        }
    }

    /// How many tenants wait.
    var count: Int { waiting.withLock { $0.count } }

    private func take() -> UsageBatch {
        waiting.withLock { waiting in
            defer { waiting = [:] }
            return UsageBatch(waiting.values.sorted { $0.tenant < $1.tenant })
        }
    }
}

extension UsageBatch {
    /// Joins the uses of different tenants.
    init(_ uses: [TenantUse]) {
        self.init()
        shapes = Array(Set(uses.map(\.shape))).sorted { "\($0)" < "\($1)" }
        for use in uses {
            begin(TenantKey(bits: use.tenant), shape: shapes.firstIndex(of: use.shape) ?? -1, at: use.wall)
            for number in use.numbers { append(number) }
        }
    }

    /// The uses in it.
    var uses: [TenantUse] {
        rows.map {
            TenantUse(
                tenant: $0.tenant.bits, shape: shapes[$0.shape], wall: $0.wall, numbers: Array(numbers(of: $0)))
        }
    }
}

extension UsageStore {
    /// Everything that was saved and still means something when the samples were taken.
    func uses() throws -> [TenantUse] {
        var uses: [TenantUse] = []
        try load(at: Samples.wall) { uses += $0.uses }
        return uses
    }
}

extension TenantUse {
    /// The use of a quota, of the month in which the samples were taken.
    static func quota(_ tenant: UInt128, used: Int64, at wall: WallTime = Samples.wall) -> TenantUse {
        TenantUse(
            tenant: tenant, shape: UsageShape(plan: "growth", slots: [.quota(unit: .requests, period: .month)]),
            wall: wall, numbers: [Int64(CalendarPeriod.month.index(at: wall)), used])
    }

    /// The level of a bucket.
    static func level(_ tenant: UInt128, _ bucket: String, _ level: Int64, daysAgo: Int64 = 0) -> TenantUse {
        TenantUse(
            tenant: tenant, shape: UsageShape(plan: "growth", slots: [.level(bucket: bucket, unitsPerCost: 7)]),
            wall: WallTime(milliseconds: Samples.wall.milliseconds - daysAgo * CivilDate.millisecondsPerDay),
            numbers: [level])
    }
}
