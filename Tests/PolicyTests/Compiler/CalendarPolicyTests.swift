import Policy
import Testing
import Vocabulary

/// Time zones and warnings of quotas, and the section `governance`: what they become, and what changes the version.
struct CalendarPolicyTests {
    private func plan(_ text: String, more: String = "") throws -> Snapshot {
        try SmallPolicy(plans: "plans: { standard: { tenant: { rate: 300/s }, \(text) } }\n", more: more).snapshot()
    }

    private func problems(plan text: String = "weight: 2", more: String = "") -> [String] {
        SmallPolicy(plans: "plans: { standard: { tenant: { rate: 300/s }, \(text) } }\n", more: more)
            .result.diagnostics.map { "\($0.message); \($0.suggestion ?? "")" }
    }

    @Test func `a plan counts by its own time zone, else by that of all, else by UTC`() throws {
        let berlin = try #require(CalendarZone(named: "Europe/Berlin"))
        #expect(try plan("timeZone: Europe/Berlin").plans[0].zone == berlin)
        #expect(try plan("weight: 1").plans[0].zone == .utc)
        let standard = "defaults: { class: interactive, timeZone: America/New_York }\n"
        #expect(try plan("weight: 1", more: standard).plans[0].zone.name == "America/New_York")
        #expect(try plan("timeZone: Europe/Berlin", more: standard).plans[0].zone == berlin)
    }

    @Test(arguments: [
        ("Europe/Berln", "Europe/Berlin"), ("Berlin", "Europe/Berlin"), ("europe/berlin", "Europe/Berlin"),
    ])
    func `a zone that nobody knows is told with the one that was meant`(written: String, meant: String) {
        let problems = problems(plan: "timeZone: \(written)")
        #expect(problems == ["there is no time zone `\(written)`; did you mean `\(meant)`?"])
    }

    @Test func `warnings are stated for each quota, or are those at 80% and 95%`() throws {
        let quotas = try plan(
            "quotas: { requests: [ 10/day, { amount: 100/month, warnAt: [ 90%, 50%, 99.5% ] } ], "
                + "bytes: { amount: 10GB/day, warnAt: [] } }"
        ).plans[0].quotas
        #expect(
            quotas == [
                .init(unit: .requests, amount: 10, period: .day),
                .init(unit: .requests, amount: 100, period: .month, warnings: [5_000, 9_000, 9_950]),
                .init(unit: .bytes, amount: 10_000_000_000, period: .day, warnings: []),
            ])
        #expect(quotas[0].warnings == [8_000, 9_500])
    }

    @Test(arguments: [
        ("{ amount: 10/day, warnAt: 80% }", "expected a list of shares like `80%`"),
        ("{ amount: 10/day, warnAt: [ 0% ] }", "a warning at `0%` would come before anything is used"),
        ("{ amount: 10/day, warnAt: [ 80%, 80.0% ] }", "there are two warnings at 80%"),
        ("{ amount: 10/day, warnAt: [ 101% ] }", "is above 100%"),
        ("{ warnAt: [ 80% ] }", "a quota needs `amount`"), ("{ amount: 10/day, warn: [ 80% ] }", "has no key `warn`"),
    ])
    func `what cannot be a warning is told`(quota: String, message: String) {
        let problems = problems(plan: "quotas: { requests: \(quota) }")
        #expect(problems.contains { $0.contains(message) }, "\(problems)")
    }

    @Test(arguments: [
        "timeZone: Europe/Berlin", "quotas: { requests: { amount: 10/day, warnAt: [ 80% ] } }",
        "quotas: { requests: { amount: 10/day, warnAt: [] } }",
    ])
    func `every word changes the version, and what is the standard anyway does not`(words: String) throws {
        let quota = words.hasPrefix("quotas") ? "quotas: { requests: 10/day }" : "weight: 1"
        #expect(try plan(words).version != plan(quota).version)
        #expect(
            try plan("quotas: { requests: { amount: 10/day, warnAt: [ 95%, 80% ] } }").version
                == plan("quotas: { requests: 10/day }").version)
        #expect(try plan("timeZone: UTC").version == plan("weight: 1").version)
    }

    private static let governance = """
        governance:
          exemption: { factor: 2.5, length: 14d }
          trial: 7d
          factor: 4
          review: 90d
          plans: { standard: { factor: 2, review: 30d, exceptions: 20 } }

        """

    @Test func `bounds of grants are what the section says`() throws {
        let bounds = try plan("weight: 1", more: Self.governance).bounds
        #expect(bounds.exemptionFactorMax == 2_500 && bounds.exemptionLengthMax == .days(14))
        #expect(bounds.trialLengthMax == .days(7) && bounds.factorMax == 4_000 && bounds.reviewWithin == .days(90))
        #expect(
            bounds.plans == ["standard": .init(factorMax: 2_000, reviewWithin: .days(30), exceptionsMax: 20)])
        #expect(bounds.factorMax(ofPlan: "standard") == 2_000 && bounds.factorMax(ofPlan: "other") == 4_000)
        #expect(bounds.reviewWithin(ofPlan: "standard") == .days(30))
        #expect(try plan("weight: 1").bounds == GrantBounds())
    }

    @Test(arguments: [
        "governance: { factor: 9 }", "governance: { trial: 31d }", "governance: { exemption: { factor: 2 } }",
        "governance: { exemption: { length: 1d } }", "governance: { review: 1d }",
        "governance: { plans: { standard: { exceptions: 0 } } }",
    ])
    func `every bound changes the version, and those that hold anyway do not`(section: String) throws {
        let plain = try plan("weight: 1").version
        #expect(try plan("weight: 1", more: section + "\n").version != plain)
        #expect(try plan("weight: 1", more: "governance: { factor: 10, trial: 30d }\n").version == plain)
    }

    @Test(arguments: [
        ("governance: { factor: 0.5 }", "is no factor by which a tenant may have more"),
        ("governance: { factor: 2.0005 }", "more than three decimals"),
        ("governance: { factor: 2 }", "an exemption multiplies by up to ×3"),
        ("governance: { plans: { standrd: { factor: 2 } } }", "did you mean"),
        ("governance: { plans: { standard: { factor: 20 } } }", "above that of all"),
        ("governance: { trial: 30 }", "names no unit"), ("governance: { exemption: 3 }", "as a mapping"),
    ])
    func `what cannot be a bound is told`(section: String, message: String) {
        let problems = problems(more: section + "\n")
        #expect(problems.contains { $0.contains(message) }, "\(problems)")
    }

    @Test func `a difference and an explanation say what is stated`() throws {
        let before = try plan("quotas: { requests: 10/day }")
        let after = try plan(
            "timeZone: Europe/Berlin, quotas: { requests: { amount: 10/day, warnAt: [ 50% ] } }",
            more: Self.governance)
        let text = PolicyDifference(from: before, to: after).text
        for words in ["time zone of its calendar", "warnings of the quota", "what grants may be", "longest trial"] {
            #expect(text.contains(words), "\(text)")
        }
        let explanation = PolicyExplanation(after).text.replacing(#/\s+/#, with: " ")
        #expect(explanation.contains("10 requests per calendar day, by the calendar of Europe/Berlin"))
        #expect(explanation.contains("somebody is told at 50%"))
        #expect(explanation.contains("For tenants of plan standard: at most 2 times what it says"), "\(explanation)")
    }
}
