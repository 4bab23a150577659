import AdmissionTestSupport
import HeadgateClient
import Testing

/// What is remembered of routes.
@Suite struct `the memory of tiers` {
    private static func route(_ number: Int) throws -> TierMemory.Route {
        try #require(TierMemory.Route(AdmissionCall(operation: "operation-\(number)")))
    }

    @Test(arguments: [
        ("/v1/envelopes/7/signatures", "/v1/envelopes/{}/signatures"),
        ("/v1/envelopes/7f3a-b2/signatures?dry=1", "/v1/envelopes/{}/signatures"),
        ("/v12/things", "/v12/things"), ("/v123/things", "/{}/things"), ("/", "/"), ("", ""),
        ("/a//b/", "/a//b/"), ("/" + String(repeating: "x", count: 41), "/{}"),
        ("/a/b/c/d/e/f/g/h/i/j/k/l/m/n", "/a/b/c/d/e/f/g/h/i/j/k"),
    ])
    func `takes paths that differ in identifiers for one route`(path: String, template: String) {
        #expect(TierMemory.Route.template(path) == template)
    }

    @Test func `prefers the name of the route, and of the operation`() {
        var first = AdmissionCall(method: "GET", path: "/users/anna")
        var second = AdmissionCall(method: "GET", path: "/users/bert")
        #expect(TierMemory.Route(first) != TierMemory.Route(second))
        first.route = "/users/{name}"
        second.route = "/users/{name}"
        #expect(TierMemory.Route(first) == TierMemory.Route(second))
        second.method = "PUT"
        #expect(TierMemory.Route(first) != TierMemory.Route(second))
        first.operation = "user"
        second.operation = "user"
        #expect(TierMemory.Route(first) == TierMemory.Route(second))
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `stays bounded, never lies, and keeps what is used`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var memory = TierMemory(routesMax: 64)
        var last: [Int: String] = [:]
        let kept = try Self.route(-1)
        memory.note("kept", of: kept)
        for _ in 0..<20_000 {
            let number = Int.random(in: 0..<500, using: &generator)
            let tier = "tier-\(Int.random(in: 0..<4, using: &generator))"
            memory.note(tier, of: try Self.route(number))
            last[number] = tier
            #expect(memory.tier(of: kept) == "kept", "seed \(seed)")
            let asked = Int.random(in: 0..<500, using: &generator)
            if let tier = memory.tier(of: try Self.route(asked)) { #expect(tier == last[asked], "seed \(seed)") }
            #expect(memory.count <= 64, "seed \(seed)")
        }
    }
}
