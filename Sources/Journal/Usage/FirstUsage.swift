internal import GRDB
internal import Vocabulary

/// What the first version of the usage store left: a row for each thing that a tenant used.
struct FirstUsage {
    /// The same in the present form.
    private(set) var batch = UsageBatch()

    /// Reads the rows; `nil` where the first version never was, or has been converted.
    ///
    /// Levels were in billionths of a cost unit. Where a tenant has none, `lastSaved` is when its use was that.
    init?(of database: Database, lastSaved: WallTime) throws {
        guard try Bool.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema WHERE name = 'usage'") == true else {
            return nil
        }
        var slots: [Int64: UsageShape.Slot] = [:]
        for row in try Row.fetchAll(database, sql: "SELECT number, kind, name FROM slot") {
            slots[try row.number(at: 0)] = FirstUsage.slot(kind: try row.value("kind"), name: try row.value("name"))
        }
        let rows = try Row.fetchCursor(
            database, sql: "SELECT high, low, slot, amount, moment FROM usage ORDER BY high, low, slot")
        var tenant = Tenant(key: TenantKey(bits: 0), wall: lastSaved)
        while let row = try rows.next() {
            guard let slot = slots[try row.number(at: 2)] else { continue }
            let high = UInt128(UInt64(bitPattern: try row.number(at: 0)))
            let low = UInt128(UInt64(bitPattern: try row.number(at: 1)))
            let key = TenantKey(bits: high << 64 | low)
            if key != tenant.key {
                add(tenant)
                tenant = Tenant(key: key, wall: lastSaved)
            }
            tenant.add(slot, amount: try row.number(at: 3), moment: try row.number(at: 4))
        }
        add(tenant)
    }

    private struct Tenant {
        let key: TenantKey
        var wall: WallTime
        var slots: [UsageShape.Slot] = []
        var numbers: [Int64] = []

        mutating func add(_ slot: UsageShape.Slot, amount: Int64, moment: Int64) {
            slots.append(slot)
            if case .level = slot { wall = WallTime(milliseconds: moment) } else { numbers.append(moment) }
            numbers.append(amount)
        }
    }

    private mutating func add(_ tenant: Tenant) {
        guard !tenant.slots.isEmpty else { return }
        // No plan is named by no name, and a tenant's plan is what the directory says.
        let shape = UsageShape(plan: "", slots: tenant.slots)
        let index = batch.shapes.firstIndex(of: shape) ?? batch.shapes.count
        if index == batch.shapes.count { batch.shapes.append(shape) }
        batch.begin(tenant.key, shape: index, at: tenant.wall)
        for number in tenant.numbers { batch.append(number) }
    }

    /// What two columns named; `nil` for what this version does not know.
    static func slot(kind: String, name: String) -> UsageShape.Slot? {
        guard kind == "quota" else { return kind == "level" ? .level(bucket: name, unitsPerCost: 1_000_000_000) : nil }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let unit = QuotaUnit.allCases.first(where: { $0.name == parts[0] }),
            let period = CalendarPeriod.allCases.first(where: { $0.name == parts[1] })
        else { return nil }
        return .quota(unit: unit, period: period)
    }

    /// Writes the same in the present form, and drops the tables.
    func move(to parts: inout UsageParts, _ catalogue: inout UsageCatalogue, in database: Database) throws {
        let shapes = try catalogue.numbers(of: batch, in: database)
        try parts.append(batch, shapes: shapes, to: database)
        try database.execute(sql: "DROP TABLE usage; DROP TABLE slot")
    }
}
