import Testing

extension ServerTests {
    /// The region that a proxy names for the request it asks about.
    @Suite struct Regions {
        private static let policy = """
            headgate: 1
            name: regions
            owner: tests
            tiers: [{ name: everything }]
            regions: { east: { rate: 1000/s }, west: { rate: 1000/s }, narrow: { rate: 2/day } }
            classes:
              work: { tier: everything, consequence: low, owner: tests }
            operations:
              act: { match: "POST /v1/acts" }
            plans:
              standard: { tenant: { rate: 1000/s } }
            unknown: { operation: block }
            """
        private static let directory = """
            headgate-directory: 1
            tenants:
              acme: { plan: standard, regions: [east, narrow], principals: { web: { classes: [work] } } }
            """

        @Test(arguments: ["/v1/authorize", "/ext_authz/v1/acts"])
        func `a region that the proxy names is asked and must be the tenant's`(target: String) async throws {
            try await Site.with(policy: Regions.policy, directory: Regions.directory) { site in
                let key = try await site.addKey(for: "acme/web")
                try await site.start()
                func ask(_ regions: String...) async throws -> HTTPResponse {
                    let original: [(name: String, value: String)] = [
                        ("X-Original-Method", "POST"), ("X-Original-URI", "/v1/acts"),
                    ]
                    let fields = [(name: "X-API-Key", value: key)] + (target == "/v1/authorize" ? original : [])
                    return try await HTTPClient(port: site.port).send(
                        HTTPRequest(
                            method: "POST", target: target,
                            fields: fields + regions.map { (name: "Headgate-Region", value: $0) }, body: ""))
                }
                #expect(try await ask("east").status == 200)
                #expect(try await ask("nowhere").status == 200)
                for _ in 1...3 { #expect(try await ask().status == 200) }
                #expect(try await ask("west")["Headgate-Reason"] == "region_not_allowed")
                for _ in 1...2 { #expect(try await ask("narrow").status == 200) }
                let shed = try await ask("narrow")
                #expect(shed.status == 503 && shed["Headgate-Reason"] == "region_saturated")
                #expect(try await ask("east", "narrow").status == 400)
            }
        }
    }
}
