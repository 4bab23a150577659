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

    @Test(arguments: [" 5", "5.0", "1e3", "abc", "-7", "0", "", "9223372036854775808"])
    func `a cost that cannot be read fails the call, and is never the cheapest`(cost: String) throws {
        let door = try EnvoyDoor(isTrusted: true)
        let entries = [("key", door.credential), ("method", "GET"), ("path", "/things/1")]
        for descriptors in [[entries + [("cost", cost)]], [entries, entries + [("cost", cost)]]] {
            let failure = try #require(door.failure(descriptors))
            #expect(failure.status == .invalidArgument)
            #expect(
                failure.text
                    == "The descriptor's 'cost': '\(cost)' is no whole number from 1 to 9223372036854775807.")
        }
        // Nothing was charged: the month's twenty requests are all there.
        for _ in 0..<20 { #expect(try door.limit(entries)["decision"] == "admit") }
        #expect(try door.limit(entries)["reason"] == "quota_exhausted")
        #expect(
            door.met(byTrusted: false).failure([entries + [("cost", cost)]]) == nil, "a stranger's is not looked at")
    }

    @Test func `of two costs the larger counts`() throws {
        let door = try EnvoyDoor(isTrusted: true)
        let entries = [("key", door.credential), ("method", "GET"), ("path", "/things/1")]
        for costs in [["1000", "1"], ["1", "1000"]] {
            #expect(try door.limit(entries + costs.map { ("cost", $0) })["decision"] == "throttle")
        }
    }

    @Test func `a region that the policy does not have fails the call of a trusted proxy`() throws {
        let door = try EnvoyDoor(isTrusted: true)
        let entries = [("key", door.credential), ("method", "GET"), ("path", "/things/1")]
        #expect(door.failure([entries + [("region", "here")]]) == nil)
        #expect(
            door.failure([entries + [("region", "nowhere")]])?.text
                == "The descriptor's 'region': 'nowhere' is no region of the policy.")
        #expect(door.met(byTrusted: false).failure([entries + [("region", "nowhere")]]) == nil)
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

    @Test(arguments: [true, false])
    func `a stranger spends no counter of a descriptor, alone or beside others`(isAlone: Bool) throws {
        let owner = try EnvoyDoor(isTrusted: true)
        let stranger = owner.met(byTrusted: false)
        let mine = [("address", "192.0.2.1")]
        for _ in 0..<5 {
            let asked = isAlone ? [mine] : [mine, [("free", "x")], [("tried", "x")], [("nothing", "x")]]
            let statuses = try stranger.statuses(asked, in: "counted")
            #expect(statuses.map(\.isOver) == (isAlone ? [true] : [true, false, true, false]))
            #expect(statuses[0].limit == nil)
            #expect(statuses[0].remaining == 0)
        }
        let facts = try stranger.limit(mine, in: "counted")
        #expect(facts["decision"] == "block")
        #expect(facts["reason"] == "unknown_credential")
        #expect(facts["stage"] == "enforce")
        let left = try (0..<4).map { _ in try owner.statuses([mine], in: "counted")[0] }
        #expect(left.map(\.isOver) == [false, false, false, true])
        #expect(left.map(\.remaining) == [2, 1, 0, 0])
    }

    @Test func `an admitted call names the own budget with the smallest part left`() throws {
        let door = try EnvoyDoor(isTrusted: true)
        let asked = [("tenant", "acme"), ("operation", "write")]
        // The first costs five: more of what the class may spend in a day than one is of twenty requests a month.
        let first = try #require(door.statuses([asked]).first)
        #expect(first == EnvoyDoor.Status(limit: [50, 4], remaining: 45))
        let cheap = [("tenant", "acme"), ("operation", "read")]
        for count in 2...15 { #expect(try door.statuses([cheap]).first?.isOver == false, "\(count)") }
        #expect(try door.statuses([cheap]).first == EnvoyDoor.Status(limit: [20, 5], remaining: 4))
    }

    @Test func `so does an admitted call with several descriptors`() throws {
        let door = try EnvoyDoor(isTrusted: true)
        let cheap = [("tenant", "acme"), ("operation", "read")]
        for _ in 0..<18 { _ = try door.statuses([cheap]) }
        let both = try door.statuses([cheap, [("tenant", "acme"), ("operation", "read")]])
        #expect(both.allSatisfy { $0.limit == [20, 5] })
        #expect(try door.statuses([cheap]).first?.isOver == true)
    }
}
