import Policy
import Testing
import Vocabulary

/// Every caveat stands where the policy gives reason for it, and nowhere else.
@Suite struct OverloadCaveatTests {
    /// A policy without any reason for a caveat but the two that always hold.
    static var plain: SnapshotDraft {
        var draft = SnapshotDraft()
        draft.tiers = [Tier(name: "critical", reserveBasisPoints: 4_000), Tier(name: "business")]
        draft.service = .init(1_000)
        draft.classes = [.init(name: "interactive", tier: "business")]
        draft.operations = [
            .init(name: "list", patterns: ["GET /list"], tier: "business"),
            .init(name: "sign", patterns: ["POST /sign"], tier: "critical"),
        ]
        draft.plans = [.init(name: "basic", tenant: .init(100))]
        return draft
    }

    @Test func `a plain policy has the two caveats that always hold, and one plain sentence`() throws {
        let explanation = OverloadExplanation(try OverloadCaveatTests.plain.snapshot())
        #expect(
            explanation.sentence == "During overload, sign (POST /sign) is served up to 400 requests per second across "
                + "the service before anything else; list and everything unknown are shed first.")
        #expect(explanation.caveats.count == 2)
        #expect(
            explanation.caveats[0].hasPrefix("Only callers with a known credential are protected; others are refused"))
        #expect(explanation.caveats[1].hasPrefix("A tenant's own limits come first"))
        #expect(explanation.keeps.isEmpty)
    }

    /// One edit of the plain policy, and the caveat it gives reason for.
    struct Reason: Sendable, CustomTestStringConvertible {
        var caveat: String
        var change: @Sendable (inout SnapshotDraft) -> Void

        init(_ caveat: String, _ change: @escaping @Sendable (inout SnapshotDraft) -> Void) {
            self.caveat = caveat
            self.change = change
        }

        var testDescription: String { caveat }
    }

    static let reasons = [
        Reason("others are quarantined with everything unknown") { $0.unknown.credential = .quarantine },
        Reason("Conditions look at attributes that somebody trusted has stated.") {
            $0.operations[1].rules = [
                .init(conditions: [.init(attribute: "stage", values: ["x"])], tier: "business")
            ]
        },
        Reason("one tenant of plan basic alone can use up that of tier critical across the service.") {
            $0.plans[0].tenant = .init(400)
        },
        Reason("that of tier critical pays for 20 requests per second that count as 20 each (sign).") {
            $0.operations[1].cost = 20
        },
        Reason("Work of class interactive is refused at any time unless the caller is granted the class.") {
            $0.classes[0].governed = true
        },
        Reason(
            "One request of sign counts as 500, and the reserve of tier critical across the service holds 400 at once"
        ) {
            $0.operations[1].cost = 500
        },
        Reason("One request of sign counts as 1,001, more than tier critical can ever find across the service") {
            $0.operations[1].cost = 1_001
        },
        Reason("Work of class interactive is in stage advise: budgets shed nothing of it") {
            $0.classes[0].stage = .advise
        },
        Reason("Sunday 22:40 to Monday 01:00 (shadow)") {
            $0.classes[0].blackouts = [.init(startMinute: 10_000, endMinute: 60, stage: .shadow)]
        },
        Reason("Kept there: 200 requests per second for tier critical in west.") { $0.regions = ["west": .init(500)] },
        Reason("Requests that name no region, or another than west, meet no region limit.") {
            $0.regions = ["west": .init(500)]
        },
        Reason("List names no tier: a caller that works in another class than usual") { $0.operations[0].tier = nil },
        Reason(
            "Callers of sign must send an idempotency key; where Headgate is the proxy, calls without are refused."
        ) {
            $0.operations[1].idempotency = .required
        },
        Reason("Work of class interactive is for callers that are granted the class, but until it is enforced nobody") {
            $0.classes[0].governed = true
            $0.classes[0].stage = .advise
        },
        Reason("others are let through as long as class interactive, in which their work counts, is in stage shadow") {
            $0.classes[0].stage = .shadow
        },
        Reason("Sign needs the feature pens, which plan basic lacks.") { $0.operations[1].feature = "pens" },
        Reason("Tier gold has a reserve, but no request is ever in it.") {
            $0.tiers.insert(Tier(name: "gold", reserveBasisPoints: 1_000), at: 1)
        },
        Reason("Tier gold stands before critical but has no reserve") {
            $0.tiers.insert(Tier(name: "gold"), at: 0)
            $0.operations[0].tier = "gold"
        },
        Reason("Reserves are the same whatever the state of the system") {
            $0.service?.rates = [1_000, 2_000, 3_000].map { Rate(amount: $0, period: .second) }
        },
    ]

    @Test(arguments: reasons)
    func `a caveat stands where there is a reason for it`(reason: Reason) throws {
        var draft = OverloadCaveatTests.plain
        let before = OverloadExplanation(try draft.snapshot())
        reason.change(&draft)
        let after = OverloadExplanation(try draft.snapshot())
        #expect(!before.caveats.contains { $0.contains(reason.caveat) })
        #expect(after.caveats.contains { $0.contains(reason.caveat) }, "\(after.caveats)")
    }

    @Test func `a reserve of regions is said by region`() throws {
        var draft = OverloadCaveatTests.plain
        draft.service = nil
        draft.regions = ["east": .init(500), "west": .init(1_000)]
        #expect(
            OverloadExplanation(try draft.snapshot()).sentence.contains(
                "is served up to 200 requests per second in east and 400 requests per second in west before anything"))
    }

    @Test func `a reserve of seats alone is said, and where it holds`() throws {
        var draft = OverloadCaveatTests.plain
        draft.service = nil
        let explanation = OverloadExplanation(try draft.snapshot())
        #expect(
            explanation.sentence.hasPrefix("During overload where Headgate holds requests, sign ")
                && explanation.sentence.hasSuffix(
                    "is served up to 40% of the seats before anything else; list and everything unknown are shed first."
                ), "\(explanation.sentence)")
        #expect(explanation.protectedOperations.map(\.name) == ["sign"])
        #expect(
            explanation.text.contains("\n     Where Headgate holds requests, 40% of the seats are its own.\n"))
    }

    @Test func `a policy that protects nothing says so, and why`() throws {
        var draft = OverloadCaveatTests.plain
        draft.tiers[0] = Tier(name: "critical")
        #expect(OverloadExplanation(try draft.snapshot()).sentence.contains("protected: no tier has a reserve; "))
        draft.tiers[1] = Tier(name: "business", reserveBasisPoints: 100)
        draft.operations[0].tier = "critical"
        #expect(
            OverloadExplanation(try draft.snapshot()).sentence.contains(
                "protected: no operation is in a tier that has a reserve; "))
    }

    @Test func `what is unknown and always refused is not said to be shed`() throws {
        var draft = OverloadCaveatTests.plain
        draft.unknown.operation = .block
        #expect(
            OverloadExplanation(try draft.snapshot()).sentence.hasSuffix(
                "; list is shed first and everything unknown is refused at any time."))
    }

    @Test func `a tier that only a caller's class leads to is shed in its place`() throws {
        var draft = OverloadCaveatTests.plain
        draft.tiers.append(Tier(name: "best-effort"))
        draft.classes.append(.init(name: "bulk", tier: "best-effort"))
        #expect(!OverloadExplanation(try draft.snapshot()).sentence.contains("bulk"))
        draft.operations[0].tier = nil
        let explanation = OverloadExplanation(try draft.snapshot())
        #expect(
            explanation.sentence.hasSuffix(
                "the rest is shed in this order: everything unknown, then work of class bulk where the operation names no "
                    + "tier, then list (as work of class interactive) and work of class interactive where the operation "
                    + "names no tier."), "\(explanation.sentence)")
        let steps = explanation.text.split(separator: "\n").filter { $0.contains(". best-effort: ") }
        #expect(steps == ["  2. best-effort: work of class bulk where the operation names no tier"])
    }

    @Test func `what is refused for who it is follows the stated stage, blackout or not`() throws {
        var draft = OverloadCaveatTests.plain
        func unknown() throws -> [String] {
            try #require(PolicyExplanation(try draft.snapshot()).sections.first { $0.kind == "unknown" }).sentences
        }
        draft.classes[0].blackouts = [.init(startMinute: 0, endMinute: 10_079, stage: .observe)]
        #expect(try unknown()[0] == "Callers without a known credential are refused at any time.")
        #expect(
            try unknown()[2]
                == "Requests that can be read in more than one way are refused at any time, whatever their class.")
        draft.classes[0].stage = .shadow
        draft.unknown.operation = .block
        #expect(
            try unknown() == [
                "Callers without a known credential are let through as long as class interactive, in which their work "
                    + "counts, is in stage shadow.",
                "Requests of known callers that match no operation are refused unless their class is interactive.",
                "Requests that can be read in more than one way are let through as long as no class is enforced.",
                "Revoked keys, suspended tenants and work that the caller may not do are let through as well where the "
                    + "class is interactive: it is not enforced.",
            ])
        let sentence = OverloadExplanation(try draft.snapshot()).sentence
        #expect(sentence.hasSuffix("everything unknown is refused where its class is enforced."))
    }
}
