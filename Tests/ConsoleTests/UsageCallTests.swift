import Foundation
import Governance
import Journal
import Testing
import Vocabulary

@testable import Console

@Suite struct UsageCallTests {
    private static func day(_ text: String) throws -> Int32 { try #require(CivilDate.day(text)) }

    /// Use of two tenants and of strangers over the turn of a month.
    private func use(_ world: ConsoleWorld) async throws {
        let days = try ["2026-10-31", "2026-11-01", "2026-11-02"].map(UsageCallTests.day)
        try await world.use.write { batch in
            for (index, day) in days.enumerated() {
                for tenant in ["", "acme", "globex"] {
                    for operation in ["", "search"] {
                        batch.add(
                            ConsumptionCount(
                                admitted: Int64(index + 1), refused: 1, cost: 10, bytesIn: 100, bytesOut: 1_000),
                            to: ConsumptionKey(
                                tenant: tenant, day: day, principal: "web", trafficClass: "web", operation: operation))
                    }
                }
            }
        }
    }

    private func items(_ answer: ControlAnswer) -> [[String: Any]] {
        answer.members["items"] as? [[String: Any]] ?? []
    }

    @Test func `a tenant's use is added up as asked, with what is left of its quotas`() async throws {
        try await ConsoleWorld.with { world in
            try await use(world)
            let client = try world.client(of: "support")
            let all = try await client.call("GET", "/v1/tenants/acme/usage?from=2026-10-01&to=2026-11-30")
            #expect(all.status == 200, "\(all.body)")
            #expect(all.text("time_zone") == "Europe/Berlin" && all.text("to") == "2026-11-30")
            #expect(items(all).count == 1 && items(all)[0]["admitted"] as? Int == 12)
            #expect(items(all)[0]["bytes_out"] as? Int == 6_000)
            let quota = try #require((all.members["quotas"] as? [[String: Any]])?.first)
            #expect(quota["used"] as? Int == 80 && quota["remaining"] as? Int == 20)
            #expect(quota["resets_at"] as? String == "2026-11-30T23:00:00Z")
            let months = try await client.call(
                "GET", "/v1/tenants/acme/usage?from=2026-10-01&to=2026-11-30&period=month&by=operation")
            #expect(
                items(months).map { "\($0["period"] ?? "") \($0["operation"] ?? "-") \($0["admitted"] ?? "")" }
                    == ["2026-10 - 1", "2026-10 search 1", "2026-11 - 5", "2026-11 search 5"])
            let days = try await client.call("GET", "/v1/tenants/acme/usage?from=2026-11-02&to=2026-11-02&period=day")
            #expect(items(days).map { $0["period"] as? String } == ["2026-11-02"])
        }
    }

    @Test func `all tenants are listed page by page, to whom they may be`() async throws {
        try await ConsoleWorld.with { world in
            try await use(world)
            let path = "/v1/usage?from=2026-10-01&to=2026-11-30"
            let auditor = try world.client(of: "auditor")
            let first = try await auditor.call("GET", path + "&limit=2")
            #expect(items(first).map { $0["tenant"] as? String } == [nil, "acme"])
            let cursor = try #require(first.text("next_cursor"))
            let second = try await auditor.call("GET", path + "&limit=2&cursor=" + cursor)
            #expect(items(second).map { $0["tenant"] as? String } == ["globex"])
            #expect(second.text("next_cursor") == nil)
            let director = try await world.client(of: "account-director").call("GET", path)
            #expect(items(director).map { $0["tenant"] as? String } == ["acme"], "of the own tenant, and no stranger")
        }
    }

    @Test func `an export has every row, as CSV and as JSON`() async throws {
        try await ConsoleWorld.with { world in
            try await use(world)
            let later = try UsageCallTests.day("2026-11-03")
            try await world.use.write { batch in
                for number in 0..<2_500 {
                    batch.add(
                        ConsumptionCount(admitted: 1),
                        to: ConsumptionKey(
                            tenant: "acme", day: later, principal: "p\(number)",
                            trafficClass: "web", operation: "search"))
                }
            }
            let client = try world.client(of: "auditor")
            let csv = try await client.call("GET", "/v1/usage/export?from=2026-10-01&to=2026-11-30")
            #expect(csv.field("Content-Type") == "text/csv; charset=utf-8")
            #expect(
                csv.field("Content-Disposition")
                    == "attachment; filename=\"usage-2026-10-01-2026-11-30.csv\"")
            let lines = csv.body.components(separatedBy: "\r\n").dropLast()
            #expect(
                lines.first
                    == "date,tenant,principal,class,operation,admitted,replayed,refused,cost,bytes_in,bytes_out")
            #expect(lines.count == 1 + 18 + 2_500)
            #expect(lines.contains("2026-11-02,globex,web,web,search,3,0,1,10,100,1000"))
            let json = try await client.call("GET", "/v1/usage/export?from=2026-10-01&to=2026-11-30&format=json")
            #expect(items(json).count == 18 + 2_500)
            #expect(items(json).reduce(0) { $0 + ($1["admitted"] as? Int ?? 0) } == 36 + 2_500)
            let none = try await client.call("GET", "/v1/usage/export?from=2020-01-01&to=2020-01-02&format=json")
            #expect(none.status == 200 && items(none).isEmpty && none.body.contains("[]"))
        }
    }

    @Test(arguments: [
        ("plain", "plain"), ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@cmd", "'@cmd"), ("\tx", "'\tx"),
        ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("=a,b", "\"'=a,b\""), ("a\nb", "\"a\nb\""),
    ])
    func `no cell is a formula`(text: String, cell: String) { #expect(UsageExport.cell(text) == cell) }

    @Test func `days that cannot be are told`() async throws {
        try await ConsoleWorld.with { world in
            let client = try world.client(of: "auditor")
            for (query, member) in [
                ("from=2026-11-31", "from"), ("to=yesterday", "to"), ("from=2026-12-01&to=2026-11-30", "from"),
                ("period=week", "period"), ("cursor=abc", "cursor"),
            ] {
                let answer = try await client.call("GET", "/v1/usage?" + query)
                #expect(answer.status == 400 && answer.text("member") == member, "\(query): \(answer.body)")
            }
            #expect(try await client.call("GET", "/v1/tenants/nobody/usage").status == 404)
        }
    }

    @Test func `warnings are listed, the newest first, to whom they may be`() async throws {
        try await ConsoleWorld.with { world in
            for (tenant, share) in [("acme", 8_000), ("globex", 8_000), ("acme", 9_500)] as [(String, Int64)] {
                let facts = QuotaWarningFacts(
                    unit: .requests, period: .month, number: 682, share: share, used: share / 100, amount: 100)
                #expect(try await world.desk.governor.note(facts, of: tenant))
            }
            let auditor = try world.client(of: "auditor")
            let first = try await auditor.call("GET", "/v1/usage/warnings?limit=2")
            #expect(items(first).map { "\($0["tenant"] ?? "") \($0["share"] ?? "")" } == ["acme 95%", "globex 80%"])
            let cursor = try #require(first.text("next_cursor"))
            let second = try await auditor.call("GET", "/v1/usage/warnings?limit=2&cursor=" + cursor)
            #expect(items(second).map { $0["begins"] as? String } == ["2026-11-01"])
            #expect(second.text("next_cursor") == nil)
            let own = try await world.client(of: "account-director").call("GET", "/v1/usage/warnings")
            #expect(items(own).map { $0["share"] as? String } == ["95%", "80%"])
            let one = try await auditor.call("GET", "/v1/usage/warnings?tenant=globex")
            #expect(items(one).count == 1)
        }
    }

    @Test func `keys tell when they were used last, and those that nobody uses are reported`() async throws {
        try await ConsoleWorld.with { world in
            let client = try world.client(of: "platform-admin")
            let path = "/v1/tenants/acme/principals/web"
            #expect(try await client.call("PUT", path, #"{"classes": ["web"]}"#).status == 200)
            var ids: [String] = []
            for _ in 0..<2 {
                let issued = try await client.call("POST", path + "/keys", "{}")
                ids.append(try #require(issued.text("id"), "\(issued.body)"))
            }
            world.pass(seconds: 100 * 86_400)
            let minute = Int32(world.now.milliseconds / 60_000)
            try await world.use.write { batch in
                batch.note(key: ids[0], usedIn: minute - 10)
                batch.note(key: ids[1], usedIn: minute - 95 * 1_440)
            }
            let later = try world.client(of: "platform-admin")
            let keys = items(try await later.call("GET", "/v1/tenants/acme/keys"))
            let used = Dictionary(
                uniqueKeysWithValues: keys.map { ($0["id"] as? String ?? "", $0["last_used_at"] as? String) })
            #expect(used[ids[0]] == Optional("2027-03-05T23:50:00Z"), "\(used)")
            let stale = items(try await later.call("GET", "/v1/reports/stale-keys"))
            #expect(stale.map { $0["id"] as? String } == [ids[1]])
            #expect(stale[0]["owner"] as? String == "acme" && stale[0]["principal"] as? String == "acme/web")
            let all = try await later.call("GET", "/v1/reports/stale-keys?days=97")
            #expect(items(all).isEmpty, "both were made before, and used since")
            let foreign = try await world.client(of: "account-director").call("GET", "/v1/reports/stale-keys")
            #expect(items(foreign).count == 1)
        }
    }
}
