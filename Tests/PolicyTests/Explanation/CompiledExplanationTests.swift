import Policy
import Testing

/// From the text of a policy to the text of its explanation.
@Suite struct CompiledExplanationTests {
    private func snapshot() throws -> Snapshot {
        let file = try Fixture.policy("good", "signing-platform.yaml")
        return try #require(PolicyCompiler.compile([file]).snapshot)
    }

    @Test func `the policy of the design answers the question about overload`() throws {
        #expect(
            OverloadExplanation(try snapshot()).sentence
                == "During overload, submit-signature (POST /v1/envelopes/{id}/signatures) and work of class recovery "
                + "(for callers that are granted it) where the operation names no tier are served up to 1,600 requests "
                + "per second across the service before anything else; then envelope-status (GET /v1/envelopes/{id}, "
                + "unless workflow.stage is dormant) and work of classes interactive and repair where the operation "
                + "names no tier up to 800 requests per second across the service; envelope-status (when "
                + "workflow.stage is dormant), export (as work of class export), work of classes export and integration "
                + "where the operation names no tier and everything unknown are shed first.")
    }

    @Test func `a class with a guarantee of its own is explained in one line`() throws {
        let plan = try #require(
            PolicyExplanation(try snapshot()).sections.first { $0.kind == "plan" && $0.name == "growth" })
        #expect(
            plan.sentences.contains(
                "Work of class repair has its own 30 requests per second in plan growth, 30 at once. Nobody can borrow "
                    + "them and it borrows from nobody."))
    }

    @Test func `what keeps classes apart is said for the tenant and for the service`() throws {
        let repair = try #require(
            PolicyExplanation(try snapshot()).sections.first { $0.kind == "class" && $0.name == "repair" })
        #expect(repair.sentences.contains("Inside a tenant it never draws on one pool together with integration."))
        #expect(
            repair.sentences.contains(
                "In the service it is in another tier than integration, unless an operation names the tier: neither can "
                    + "take what is reserved for the other's tier; of the pool that all tiers share, best-effort leaves "
                    + "50% to business and other more protected work."))
    }
}
