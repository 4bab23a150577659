import Testing

@testable import Gateway

/// What a proxy may say of others, and what a stranger may not.
@Suite("Trust in Envoy's methods")
struct EnvoyTrustTests {
    @Test func `a trusted proxy names tenant, principal and operation`() throws {
        let facts = try EnvoyDoor(isTrusted: true).limit([
            ("tenant", "acme"), ("principal", "web"), ("operation", "write"),
        ])
        #expect(facts["tenant"] == "acme")
        #expect(facts["operation"] == "write")
        #expect(facts["decision"] == "admit")
    }

    @Test func `a stranger proves who it is, or is nobody`() throws {
        let door = try EnvoyDoor(isTrusted: false)
        let named = try door.limit([("tenant", "acme"), ("principal", "web"), ("operation", "write")])
        #expect(named["tenant"] == nil)
        #expect(named["operation"] == nil)
        #expect(named["reason"] == "unknown_credential")
        let proven = try door.limit([
            ("key", door.credential), ("tenant", "other"), ("method", "GET"), ("path", "/things/1"),
        ])
        #expect(proven["tenant"] == "acme")
        #expect(proven["operation"] == "read")
        #expect(proven["decision"] == "admit")
    }

    @Test func `a stranger's cost and attributes are not believed`() throws {
        for (isTrusted, tier, decision) in [(true, "low", "throttle"), (false, "high", "admit")] {
            let door = try EnvoyDoor(isTrusted: isTrusted)
            let facts = try door.limit([
                ("key", door.credential), ("method", "GET"), ("path", "/things/1"), ("cost", "1000"),
                ("stage", "dormant"),
            ])
            #expect(facts["tier"] == tier)
            #expect(facts["decision"] == decision)
        }
    }

    @Test func `what the route states counts from a trusted proxy alone`() throws {
        for (isTrusted, tier) in [(true, "low"), (false, "high")] {
            let door = try EnvoyDoor(isTrusted: isTrusted)
            let facts = try door.authorize("GET", "/things/1", stating: [("workflow.stage", "dormant")])
            #expect(facts["tier"] == tier)
            #expect(facts["tenant"] == "acme")
        }
    }

    @Test func `of two credentials in a descriptor neither counts`() throws {
        let door = try EnvoyDoor(isTrusted: true)
        let entries = [("method", "GET"), ("path", "/things/1")]
        let key = ("key", door.credential)
        #expect(try door.limit(entries + [key])["tenant"] == "acme")
        #expect(try door.limit(entries + [key, key])["reason"] == "unknown_credential")
    }
}
