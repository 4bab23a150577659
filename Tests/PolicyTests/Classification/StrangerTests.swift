import Policy
import Testing
import Vocabulary

/// Callers without a known credential.
struct StrangerTests {
    private typealias Sample = SampleSnapshot

    private func classify(
        _ snapshot: Snapshot, _ operation: String, claim: String? = nil,
        attributes: [(name: String, value: String)] = [], classes: [Int] = []
    ) -> Classification {
        snapshot.classify(
            ClassificationRequest(
                target: .operation(named: operation), claim: claim, attributes: attributes,
                caller: Caller(plan: -1, classes: classes)))
    }

    @Test func `where strangers are blocked, everything is refused for want of a credential`() throws {
        let snapshot = try Sample.make(credential: .block, operation: .block)
        for operation in ["submit", "export", "restore", "webhooks", "nothing"] {
            #expect(classify(snapshot, operation).refusal == .unknownCredential)
        }
    }

    @Test func `in quarantine a stranger pays at least what everybody pays`() throws {
        let snapshot = try Sample.make()
        #expect(
            classify(snapshot, "submit")
                == Classification(
                    operation: Sample.submit, trafficClass: Sample.integration, tier: Sample.quarantine, cost: 10))
        #expect(classify(snapshot, "export").cost == 20)
        let dormant = [(name: "workflow.stage", value: "dormant")]
        #expect(classify(try Sample.make(unknownCost: 2), "status", attributes: dormant).cost == 3)
        #expect(classify(snapshot, "nothing").cost == 20)
        #expect(classify(snapshot, "nothing").refusal == nil)
    }

    @Test func `a stranger's claim is never honoured, not even with classes that nobody vouched for`() throws {
        let snapshot = try Sample.make()
        for operation in ["submit", "nothing"] {
            let found = classify(snapshot, operation, claim: "repair", classes: [Sample.repair])
            #expect(found.claim == .ignored)
            #expect(found.trafficClass == Sample.integration)
            #expect(classify(snapshot, operation).claim == .none)
        }
    }

    @Test func `governed work and features are closed to strangers, and they are told to identify themselves`() throws {
        let snapshot = try Sample.make()
        #expect(classify(snapshot, "restore").refusal == .unknownCredential)
        #expect(classify(snapshot, "webhooks").refusal == .unknownCredential)
        #expect(classify(snapshot, "contract", attributes: [("kind", "mass")]).refusal == .unknownCredential)
        #expect(classify(snapshot, "contract").refusal == nil)
    }

    @Test func `unknown work of a stranger follows the stricter of both treatments`() throws {
        #expect(classify(try Sample.make(operation: .block), "nothing").refusal == .unclassified)
        #expect(classify(try Sample.make(credential: .block), "nothing").refusal == .unknownCredential)
        #expect(classify(try Sample.make(operation: .block), "plain").refusal == nil)
    }

    @Test func `a stranger's odd spelling is refused even where strangers are quarantined`() throws {
        let request = ClassificationRequest(target: .matched(.refused(.pathParameter)), caller: Caller(plan: -1))
        #expect(try Sample.make(credential: .block).classify(request).refusal == .unknownCredential)
        #expect(try Sample.make(credential: .quarantine).classify(request).refusal == .unclassified)
    }

    @Test func `a stranger is never treated better than a known caller`() throws {
        let snapshot = try Sample.make()
        for operation in Sample.operations.map(\.name) + ["nothing"] {
            for claim in [nil, "recovery", "interactive"] {
                let target = ClassificationRequest.Target.operation(named: operation)
                let known = snapshot.classify(
                    ClassificationRequest(target: target, claim: claim, caller: Caller(plan: Sample.growth)))
                let stranger = classify(snapshot, operation, claim: claim)
                #expect(stranger.cost >= known.cost)
                #expect(stranger.tier >= known.tier)
                #expect(known.refusal == nil || stranger.refusal != nil)
            }
        }
    }
}
