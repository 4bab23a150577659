import Policy
import Testing

/// A policy has a size that people can review and small numbers can count.
struct PolicyLimitTests {
    private func entries(_ section: String, _ count: Int, _ entry: (Int) -> String) -> String {
        section + ":\n" + (1...count).map { "  \(entry($0))\n" }.joined()
    }

    @Test func `sixty-four classes are enough`() throws {
        var policy = SmallPolicy()
        let all = { (count: Int) in
            self.entries("classes", count) { "c\($0): { tier: critical, consequence: low, owner: web }" }
                + "defaults: { class: c1 }\n"
        }
        policy.classes = all(64)
        #expect(try policy.snapshot().classes.count == 64)
        policy.classes = all(65)
        #expect(policy.places == ["70:3 too-many"])
    }

    @Test func `ten thousand operations are enough, and compile in a moment`() throws {
        var policy = SmallPolicy()
        policy.more = entries("operations", 10_000) { "o\($0): { match: \"GET /v1/o\($0)/{id}\", tier: business }" }
        let snapshot = try policy.snapshot()
        #expect(snapshot.operations.count == 10_000)
        policy.more += "  one-more: {}\n"
        #expect(policy.places.map { $0.split(separator: " ").last } == ["too-many"])
    }

    @Test func `ten thousand limits of descriptors are enough, in one domain or in several`() throws {
        let limits = { (count: Int) in
            (1...count).map { "      - { key: k\($0), rate: 1/s }\n" }.joined()
        }
        var policy = SmallPolicy()
        policy.more = "descriptors:\n  d:\n    limits:\n" + limits(10_000)
        let snapshot = try policy.snapshot()
        #expect(snapshot.enginePlans.count == 10_001)
        #expect(snapshot.descriptors.label("d", [("k9999", "")]) == "k9999")
        policy.more += "  e: { limits: [ { key: a, rate: 1/s } ] }\n"
        #expect(policy.places == ["10012:3 too-many"])
        policy.more =
            "descriptors:\n  d:\n    limits:\n      - key: a\n        limits:\n"
            + limits(10_000).replacing("      - ", with: "          - ")
        #expect(policy.places.map { $0.split(separator: " ").last } == ["too-many"])
    }

    @Test func `names are short and plain`() throws {
        var policy = SmallPolicy()
        let longest = String(repeating: "n", count: 64)
        policy.plans = "plans: { \(longest): { tenant: { rate: 5/s } } }\n"
        #expect(try policy.snapshot().plans[0].name == longest)
        for name in [longest + "n", "-a", ".a", "a b", "a/b", "ä", "a:b"] {
            policy.plans = "plans: { \"\(name)\": { tenant: { rate: 5/s } } }\n"
            #expect(policy.places.contains("8:10 invalid-name"), "\(name)")
        }
    }

    @Test func `texts are bounded`() {
        var policy = SmallPolicy()
        policy.more = "description: \(String(repeating: "x", count: 2_001))\n"
        #expect(policy.places == ["9:14 too-large"])
    }

    @Test func `a thousand mistakes are listed and the rest is counted`() {
        var policy = SmallPolicy()
        policy.more = entries("operations", 3_000) { "o\($0): { tier: nowhere }" }
        let result = policy.result
        #expect(result.snapshot == nil)
        #expect(result.diagnostics.count == 1_001)
        #expect(result.diagnostics.last?.message == "2000 more mistakes are not listed")
    }
}
