import Testing
import Vocabulary

@testable import Journal

struct ConsumptionStoreTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `what was used is added to what is there, also over a restart`() throws {
        for _ in 0..<3 {
            let rig = try ConsumptionRig(in: folder)
            rig.use(
                "acme", count: ConsumptionCount(admitted: 1, replayed: 2, refused: 3, cost: 4, bytesIn: 5, bytesOut: 6))
            rig.use("acme", "write")
            rig.perform()
            rig.use("acme", "write")  // written by the good-bye
        }
        let rows = try ConsumptionRig(in: folder).rows()
        #expect(rows.map(\.place.operation) == ["read", "write"])
        #expect(
            rows[0].count
                == ConsumptionCount(admitted: 3, replayed: 6, refused: 9, cost: 12, bytesIn: 15, bytesOut: 18))
        #expect(rows[1].count == ConsumptionCount(admitted: 6, cost: 12))
    }

    @Test func `days and months, principals, classes and operations are told apart as asked`() throws {
        let rig = try ConsumptionRig(in: folder)
        let month = CalendarPeriod.month.start(of: CalendarPeriod.month.index(at: Samples.wall))
        let first = CalendarPeriod.day.index(at: month)
        for day in [first - 1, first, first + 1] {
            for principal in ["web", "erp"] { rig.use("acme", day: day, principal: principal) }
        }
        rig.use("zenith", day: first)
        rig.perform()
        let all = try rig.rows { query in
            query.period = nil
            query.parts = []
        }
        #expect(all.map(\.place.tenant) == ["acme", "zenith"] && all.map(\.count.admitted) == [6, 1])
        let months = try rig.rows { query in
            query.tenant = "acme"
            query.period = .month
            query.parts = [.principal]
        }
        #expect(months.map(\.place.principal) == ["erp", "web", "erp", "web"])
        #expect(months.map(\.count.admitted) == [1, 1, 2, 2])
        #expect(months[2].place.period == String(month.description.prefix(7)))
        let days = try rig.rows { query in
            query.parts = []
            query.days = first...first
        }
        #expect(
            days.map(\.place.period) == [String(month.description.prefix(10))] + [String(month.description.prefix(10))])
        #expect(days.map(\.count.admitted) == [2, 1])
    }

    @Test(arguments: [1, 2, 7]) func `pages give each row once`(limit: Int) throws {
        let rig = try ConsumptionRig(in: folder)
        for tenant in ["", "acme", "zenith"] {
            for operation in ["", "read", "write"] {
                for day in 0..<3 { rig.use(tenant, operation, day: ConsumptionRig.day - Int32(day)) }
            }
        }
        rig.perform()
        let whole = try rig.rows()
        var paged: [ConsumptionRow] = []
        while true {
            let page = try rig.rows { query in
                query.after = paged.last?.place
                query.limit = limit
            }
            paged += page
            if page.count < limit { break }
        }
        #expect(whole.count == 27 && paged == whole)
        #expect(try rig.rows(where: { $0 == "acme" }).count == 9)
    }

    @Test func `numbers that no longer fit stay the largest there are`() throws {
        let rig = try ConsumptionRig(in: folder)
        for _ in 0..<3 {
            rig.use("acme", count: ConsumptionCount(admitted: 1, cost: .max, bytesIn: .max - 1))
            rig.perform()
        }
        rig.use("acme", "write", count: ConsumptionCount(admitted: 1, cost: .max))
        rig.perform()
        let sum = try #require(
            try rig.rows { query in
                query.period = nil
                query.parts = []
            }.first)
        #expect(sum.count == ConsumptionCount(admitted: 4, cost: .max, bytesIn: .max))
    }

    @Test func `a tenant that asks for ever new things gets one row more and no others, and nothing is lost`() throws {
        let rig = try ConsumptionRig(in: folder)
        let count = ConsumptionDatabase.rowsOfDayMax
        for number in 0..<(count + 50) {
            rig.use("acme", "operation-\(number % 100)", principal: "principal-\(number / 100)")
        }
        rig.use("zenith")
        rig.perform()
        rig.use("acme", "operation-new")
        rig.perform(after: 60_000)
        let rows = try rig.rows()
        #expect(rows.count == count + 2)
        #expect(rows.reduce(0) { $0 + $1.count.admitted } == Int64(count + 52))
        #expect(rows.first { $0.place.operation == "*" }?.count.admitted == 51)
    }

    @Test func `old days go, of everybody`() throws {
        let rig = try ConsumptionRig(in: folder, daysMax: 10)
        for tenant in ["", "acme", "zenith"] {
            for age in [0, 10, 11, 500] as [Int32] { rig.use(tenant, day: ConsumptionRig.day - age) }
        }
        rig.perform()
        for _ in 0..<3 {
            rig.use("acme")
            rig.perform()
        }
        let rows = try rig.rows()
        #expect(rows.map(\.place.tenant) == ["", "", "acme", "acme", "zenith", "zenith"])
    }

    @Test func `of a key the last minute is known, and which keys were used of late`() throws {
        let rig = try ConsumptionRig(in: folder)
        let minute = Int32(Samples.wall.milliseconds / 60_000)
        rig.use(key: "k_1", minute: minute - 5)
        rig.use(key: "k_2", minute: minute - 3_000)
        rig.perform()
        rig.use(key: "k_1", minute: minute - 9)  // another loop, later written
        rig.perform()
        #expect(try rig.store.lastUses(of: ["k_1", "k_2", "k_3"]) == ["k_1": minute - 5, "k_2": minute - 3_000])
        let hourAgo = WallTime(milliseconds: Samples.wall.milliseconds - 3_600_000)
        #expect(try rig.store.keys(usedSince: hourAgo) == ["k_1"])
    }

    @Test func `a warning is remembered over restarts`() throws {
        let warning = QuotaWarning(tenant: "acme", unit: .requests, period: .month, number: 682, share: 8_000)
        do {
            let rig = try ConsumptionRig(in: folder)
            #expect(rig.store.warned.isEmpty)
            rig.store.note(warning)
            rig.store.note(warning)
            rig.perform()
        }
        #expect(try ConsumptionRig(in: folder).store.warned == [warning])
    }

    @Test func `where more is used, it is written less often, and at once when it becomes much`() throws {
        let rig = try ConsumptionRig(in: folder)
        for number in 0..<6_000 { rig.use("tenant-\(number)") }
        rig.perform()
        let first = try #require(rig.store.lastSaved)
        rig.use("acme")
        rig.perform(after: 2_000)
        #expect(rig.store.lastSaved == first, "6,000 rows are worth three seconds")
        rig.perform(after: 1_000)
        #expect(try rig.rows { $0.tenant = "acme" }.count == 1)
    }
}
