import Policy
import Testing

/// The tests that a policy carries.
struct PolicyTestTests {
    private var policy: SmallPolicy {
        var policy = SmallPolicy()
        policy.more = """
            operations:
              read: { match: "GET /v1/items/{id}", tier: business, cost: 2 }
            tests:
              - name: reading is business
                request: { method: GET, path: /v1/items/7, plan: standard }
                expect: { operation: read, class: interactive, tier: business, cost: 2, reason: none, stage: enforce }
              - request: { method: GET, path: /v1/items/7, plan: standard, claim: integration }
                expect: { operation: none, class: integration, tier: critical, cost: 1, reason: not_entitled, stage: shadow }

            """
        return policy
    }

    @Test func `a test that holds has no mismatch`() throws {
        let tests = policy.result.tests
        #expect(tests.map(\.name) == ["reading is business", "GET /v1/items/7"])
        #expect(tests[0].run(against: try policy.snapshot()).isEmpty)
    }

    @Test func `a test that fails says what it found, at the place of the expectation`() throws {
        let mismatches = policy.result.tests[1].run(against: try policy.snapshot())
        #expect(
            mismatches.map { "\($0.span.line):\($0.span.column) \($0.member) \($0.expected) \($0.found)" } == [
                "16:26 operation none read", "16:39 class integration interactive", "16:58 tier critical business",
                "16:74 cost 1 2", "16:85 reason not_entitled none", "16:106 stage shadow enforce",
            ])
        #expect(mismatches[0].diagnostic.code == .failedTest)
        #expect(
            mismatches[0].diagnostic.message
                == "the test `GET /v1/items/7` expects the operation `none`, but finds `read`")
    }

    @Test func `a test written for another policy is a mismatch, not a crash`() throws {
        var other = SmallPolicy()
        other.plans = "plans: { large: { tenant: { rate: 5/s } } }\n"
        let mismatches = policy.result.tests[0].run(against: try other.snapshot())
        #expect(mismatches.map { "\($0.member) \($0.expected) \($0.found)" } == ["plan standard none"])
    }
}
