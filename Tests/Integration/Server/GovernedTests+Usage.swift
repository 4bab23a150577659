import Foundation
import Governance
import Ledger
import PostgresTestSupport
import Testing

extension ServerTests.Governing {
    private static let quotas = policy.replacing(
        "standard: { tenant: { rate: 3/day, burst: 5 } }",
        with: "standard: { tenant: { rate: 1000/s }, quotas: { requests: 20/year } }")

    /// Signs in as the first operator.
    private func signIn(_ printed: String, _ site: Site) async throws -> (HTTPClient, token: String) {
        let code = try #require(printed.firstMatch(of: /[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/)).0
        try await Patience.wait(for: "the control API") { site.log.contains("the control API listens") }
        let place = try #require(site.log.firstMatch(of: /control API listens on http:\/\/[^\s]+:([0-9]+)/))
        let control = HTTPClient(port: try #require(Int(place.1)))
        let body =
            #"{"operator":"ada","password":"correct horse battery staple","bearer":true,"code":"\#(code)"}"#
        let session = try await control.send(
            HTTPRequest(
                method: "POST", target: "/v1/sessions",
                fields: [(name: "Content-Type", value: "application/json")], body: body))
        return (control, String(try #require(session.text.firstMatch(of: /"token": ?"([^"]+)"/)).1))
    }

    @Test func `the control API tells what was sent, what is left, when a key was used, and what was warned of`()
        async throws
    {
        try await TestFolder.with { folder in
            let printed = try await begin(in: folder, data: "data", policy: Self.quotas)
            let site = Site(governedIn: folder)
            try await withCleanUp {
                try await site.start(["--control", "127.0.0.1:0"])
                let (control, token) = try await signIn(printed, site)
                func get(_ target: String) async throws -> String {
                    let response = try await control.send(
                        HTTPRequest(target: target, fields: [(name: "Authorization", value: "Bearer \(token)")]))
                    try #require(response.status == 200, "\(target): \(response.text)")
                    return response.text
                }
                let neighbour = try Neighbour(data: site.data)
                defer { neighbour.ledger.close() }
                let key = try await neighbour.makeTenant("acme", key: "k_1")
                let call = Check(credential: key, operation: "act")
                try await Patience.wait(for: "the key to be known") { try await site.check(call).isAdmitted }
                for _ in 2...17 { #expect(try await site.check(call).isAdmitted) }
                try await Patience.wait(for: "the use to be written") {
                    try await get("/v1/tenants/acme/usage").contains("\"admitted\": 17")
                }
                let usage = try await get("/v1/tenants/acme/usage?by=all")
                #expect(usage.contains("\"used\": 17") && usage.contains("\"remaining\": 3"), "\(usage)")
                #expect(usage.contains("\"operation\": \"act\"") && usage.contains("\"principal\": \"web\""))
                let rows = try await get("/v1/usage/export").split(separator: "\r\n").dropFirst()
                let sums = rows.filter { $0.contains(",acme,") }.map { $0.split(separator: ",")[5] }
                #expect(sums == ["17"], "\(rows)")
                #expect(try await get("/v1/tenants/acme/keys").contains("last_used_at"))
                try await Patience.wait(for: "the warning") {
                    try await get("/v1/usage/warnings").contains("\"share\": \"80%\"")
                }
                #expect(try await get("/v1/reports/stale-keys").contains("\"items\": []"))
                #expect(await site.stop() == 0)
                let found = try await site.run(
                    "ledger", "search", "--data", site.data, "--type", "quota.warned", "--json")
                #expect(found.output.contains("usage/acme"), "\(found.output) \(found.errors)")
            } cleanUp: {
                _ = await site.stop()
            }
        }
    }

    @Test func `of two servers on one PostgreSQL one alone tells of a share of a quota`() async throws {
        try await TestFolder.with { folder in
            let server = try PostgresServer()
            let address = server.address()
            try await begin(in: folder, data: "one", ledger: address, policy: Self.quotas)
            let files = FileManager.default
            try files.createDirectory(
                atPath: folder.file("two"), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            for name in ["ledger.key", "ledger.vkey", "keys.secret"] {
                try files.copyItem(atPath: folder.file("one/\(name)"), toPath: folder.file("two/\(name)"))
            }
            let sites = ["one", "two"].map { Site(governedIn: folder, data: $0, ledger: address) }
            try await withCleanUp {
                for site in sites { try await site.start() }
                let neighbour = try Neighbour(data: folder.file("one"), address: address)
                defer { neighbour.ledger.close() }
                let key = try await neighbour.makeTenant("acme", key: "k_1")
                let call = Check(credential: key, operation: "act")
                for site in sites {
                    try await Patience.wait(for: "the key to be known") { try await site.check(call).isAdmitted }
                    for _ in 2...16 { #expect(try await site.check(call).isAdmitted) }
                }
                try await Patience.wait(for: "the warning") {
                    try neighbour.governor.warnings(of: "acme", before: .max, limit: 10).count == 1
                }
                try await Task.sleep(for: .seconds(2))
                #expect(try neighbour.governor.warnings(of: "acme", before: .max, limit: 10).count == 1)
                var told = 0
                for site in sites { told += try await site.metrics().sum("headgate_quota_warnings_total") }
                #expect(told == 1)
            } cleanUp: {
                for site in sites { _ = await site.stop() }
            }
        }
    }
}
