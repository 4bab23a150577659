import Policy
import Testing
import Vocabulary

struct ClassificationTests {
    private typealias Sample = SampleSnapshot

    private let snapshot: Snapshot

    init() throws { snapshot = try Sample.make() }

    private func classify(
        _ operation: String, claim: String? = nil, attributes: [(name: String, value: String)] = [],
        caller: Caller = Caller(plan: SampleSnapshot.growth)
    ) -> Classification {
        snapshot.classify(
            ClassificationRequest(
                target: .operation(named: operation), claim: claim, attributes: attributes, caller: caller))
    }

    private func caller(_ classes: Int...) -> Caller { Caller(plan: Sample.growth, classes: classes) }

    // MARK: Operation

    @Test func `an operation is found by call, by match and by name alike`() {
        let path = "/v1/envelopes/7/signatures"
        let targets: [ClassificationRequest.Target] = [
            .call(method: "POST", path: path), .matched(snapshot.matcher.match(method: "POST", path: path)),
            .operation(named: "submit"),
        ]
        for target in targets {
            let found = snapshot.classify(ClassificationRequest(target: target, caller: Caller(plan: Sample.growth)))
            #expect(
                found
                    == Classification(
                        operation: Sample.submit, trafficClass: Sample.integration, tier: Sample.critical, cost: 2))
        }
    }

    @Test(arguments: [
        ClassificationRequest.Target.operation(named: "nothing"), .operation(named: "Submit"),
        .call(method: "GET", path: "/v2"), .matched(.none),
    ])
    func `what is not known goes to quarantine and costs at least what the dearest operation costs`(
        target: ClassificationRequest.Target
    ) throws {
        let request = ClassificationRequest(target: target, caller: caller(Sample.interactive))
        #expect(
            snapshot.classify(request)
                == Classification(
                    operation: -1, trafficClass: Sample.interactive, tier: Sample.quarantine, cost: 20))
        let dear = try Sample.make(unknownCost: 50)
        #expect(dear.classify(request).cost == 50)
        let blocking = try Sample.make(operation: .block)
        #expect(blocking.classify(request).refusal == .unclassified)
        #expect(blocking.classify(request).tier == Sample.quarantine)
    }

    @Test(arguments: [
        ClassificationRequest.Target.call(method: "GET", path: "/v1/plain/.."), .matched(.refused(.dotSegment)),
        .call(method: "get", path: "/v1/plain"), .call(method: "GET", path: "/v1/plain.json"),
    ])
    func `a request line with several readings is refused in the strictest stage of any class`(
        target: ClassificationRequest.Target
    ) throws {
        let request = ClassificationRequest(target: target, caller: caller(Sample.interactive))
        for treatment in [UnknownTreatment.Treatment.quarantine, .block] {
            for strictest in Stage.allCases {
                let stages: [Stage] = [.observe, .observe, .observe, strictest, .observe]
                let snapshot = try Sample.make(operation: treatment, stages: stages)
                #expect(
                    snapshot.classify(request)
                        == Classification(
                            operation: -1, trafficClass: Sample.interactive, tier: Sample.quarantine, cost: 20,
                            refusal: .unclassified, stageOfRefusal: strictest))
            }
        }
    }

    @Test func `refusals hold in the stage of the class, and of the operation's class if that is stricter`() throws {
        let stages: [Stage] = [.advise, .observe, .shadow, .enforce, .observe]
        let snapshot = try Sample.make(operation: .block, stages: stages)
        func stage(_ operation: String, claim: String? = nil, _ caller: Caller) -> Stage {
            snapshot.classify(
                ClassificationRequest(target: .operation(named: operation), claim: claim, caller: caller)
            ).stageOfRefusal
        }
        #expect(stage("plain", caller(Sample.interactive)) == .shadow)
        #expect(stage("nothing", caller(Sample.interactive)) == .shadow)
        #expect(stage("plain", Caller(plan: -1)) == .observe)
        #expect(stage("nothing", Caller(plan: -1)) == .observe)
        #expect(stage("export", caller(Sample.interactive)) == .advise)
        #expect(stage("restore", claim: "interactive", caller(Sample.interactive)) == .enforce)
        #expect(stage("status", claim: "export", caller(Sample.export)) == .advise)
    }

    @Test func `the cost of the unknown covers what rules ask for as well`() throws {
        let operation = Operation(name: "a", cost: 2, rules: [Sample.rule(["x": ["y"]], cost: 99)])
        let snapshot = try Sample.make(operations: [operation])
        let request = ClassificationRequest(target: .matched(.none), caller: Caller(plan: 0))
        #expect(snapshot.classify(request).cost == 99)
    }

    // MARK: Class

    @Test func `a claim to a listed class is honoured and wins over the operation`() {
        let found = classify("export", claim: "repair", caller: caller(Sample.interactive, Sample.repair))
        #expect(found.trafficClass == Sample.repair)
        #expect(found.claim == .honoured)
        #expect(found.tier == Sample.business)
        #expect(found.refusal == nil)
    }

    @Test(arguments: ["repair", "recovery", "nonsense", "", "Interactive"])
    func `a claim to anything else changes nothing but the record`(claim: String) {
        for operation in ["submit", "status", "export", "plain", "restore", "nothing"] {
            let caller = caller(Sample.interactive)
            var expected = classify(operation, caller: caller)
            #expect(expected.claim == .none)
            expected.claim = .ignored
            #expect(classify(operation, claim: claim, caller: caller) == expected)
        }
    }

    @Test func `without a claim the operation's class counts, then the principal's first, then the default`() {
        #expect(classify("export", caller: caller(Sample.interactive)).trafficClass == Sample.export)
        #expect(classify("plain", caller: caller(Sample.interactive, Sample.export)).trafficClass == Sample.interactive)
        #expect(classify("plain").trafficClass == Sample.integration)
        #expect(classify("export").claim == .none)
    }

    @Test func `governed work is refused to principals that do not list it`() {
        let refused = classify("restore", caller: caller(Sample.interactive))
        #expect(refused.refusal == .classNotAllowed)
        #expect(refused.trafficClass == Sample.recovery)
        #expect(refused.operation == Sample.restore)
        #expect(classify("restore", caller: caller(Sample.interactive, Sample.recovery)).refusal == nil)
        #expect(classify("restore", claim: "recovery", caller: caller(Sample.recovery)).claim == .honoured)
    }

    @Test func `a claim to another class does not open governed work`() {
        for claim in [nil, "interactive", "repair", "recovery"] {
            let found = classify("restore", claim: claim, caller: caller(Sample.interactive, Sample.repair))
            #expect(found.refusal == .classNotAllowed)
        }
        let both = caller(Sample.repair, Sample.recovery)
        #expect(classify("restore", claim: "repair", caller: both).refusal == nil)
        #expect(classify("restore", claim: "repair", caller: both).trafficClass == Sample.repair)
    }

    @Test func `a rule can make work governed`() {
        let mass = [(name: "kind", value: "mass")]
        #expect(classify("contract", attributes: mass).refusal == .classNotAllowed)
        #expect(classify("contract", attributes: mass, caller: caller(Sample.recovery)).refusal == nil)
        #expect(classify("contract").refusal == nil)
    }

    @Test func `a governed default class is closed to those who do not list it, known or not`() throws {
        let snapshot = try Sample.make(defaultClass: Sample.repair)
        let stranger = Caller(plan: -1)
        for target in [ClassificationRequest.Target.operation(named: "plain"), .matched(.none)] {
            let known = ClassificationRequest(target: target, caller: Caller(plan: 0))
            #expect(snapshot.classify(known).refusal == .classNotAllowed)
            let unknown = ClassificationRequest(target: target, caller: stranger)
            #expect(snapshot.classify(unknown).refusal == .unknownCredential)
        }
    }

    // MARK: Tier, cost and rules

    @Test func `the tier comes from the operation, else from the class`() {
        #expect(classify("submit").tier == Sample.critical)
        #expect(classify("export").tier == Sample.bestEffort)
        #expect(classify("plain", caller: caller(Sample.interactive)).tier == Sample.business)
        #expect(classify("plain", claim: "recovery", caller: caller(Sample.recovery)).tier == Sample.critical)
        #expect(classify("submit", claim: "repair", caller: caller(Sample.repair)).tier == Sample.critical)
    }

    @Test func `the first rule that holds replaces what it states and nothing else`() {
        let dormant = classify("status", attributes: [("workflow.stage", "dormant")])
        #expect(
            dormant
                == Classification(
                    operation: Sample.status, trafficClass: Sample.integration, tier: Sample.bestEffort, cost: 3))
        let urgent = classify("status", attributes: [("workflow.stage", "urgent")])
        #expect(
            urgent
                == Classification(
                    operation: Sample.status, trafficClass: Sample.interactive, tier: Sample.business, cost: 7))
        let urgentHere = classify("status", attributes: [("region", "eu"), ("workflow.stage", "urgent")])
        #expect(urgentHere.tier == Sample.critical)
        #expect(urgentHere.cost == 1)
        for attributes in [[("region", "eu")], [("workflow.stage", "Dormant")], [("stage", "dormant")], []] {
            #expect(classify("status", attributes: attributes.map { (name: $0.0, value: $0.1) }).cost == 1)
        }
    }

    @Test func `an honoured claim keeps the rule's tier and cost`() {
        let found = classify(
            "status", claim: "repair", attributes: [("workflow.stage", "dormant")], caller: caller(Sample.repair))
        #expect(found.trafficClass == Sample.repair)
        #expect(found.tier == Sample.bestEffort)
        #expect(found.cost == 3)
    }

    @Test func `stating an attribute twice does not matter`() {
        let once = classify("status", attributes: [("workflow.stage", "dormant")])
        let twice = classify(
            "status", attributes: [("workflow.stage", "dormant"), ("region", "eu"), ("workflow.stage", "dormant")])
        #expect(once == twice)
        let sameRule = classify("status", attributes: [("workflow.stage", "dormant"), ("workflow.stage", "archived")])
        #expect(sameRule == once)
    }

    @Test func `an attribute that contradicts itself gives a request several readings, if a rule hangs on it`() {
        let contradiction = [(name: "workflow.stage", value: "active"), (name: "workflow.stage", value: "dormant")]
        for attributes in [contradiction, contradiction.reversed()] {
            let found = classify("status", attributes: attributes)
            #expect(found.operation == -1)
            #expect(found.refusal == .unclassified)
            #expect(found.tier == Sample.quarantine)
            #expect(found.cost == 20)
        }
        #expect(classify("submit", attributes: contradiction).operation == Sample.submit)
        #expect(classify("status", attributes: [("other", "a"), ("other", "b")]).operation == Sample.status)
        let settled = [(name: "workflow.stage", value: "dormant"), ("region", "eu"), ("region", "us")]
        #expect(classify("status", attributes: settled).cost == 3)
    }

    @Test func `a cost is at least one`() throws {
        let snapshot = try Sample.make(operations: [Operation(name: "free", cost: 0)], unknownCost: 0)
        for target in [ClassificationRequest.Target.operation(named: "free"), .matched(.none)] {
            for plan in [-1, 0] {
                #expect(snapshot.classify(ClassificationRequest(target: target, caller: Caller(plan: plan))).cost == 1)
            }
        }
    }

    // MARK: Features

    @Test func `a feature is open to the plans that have it`() {
        #expect(classify("webhooks", caller: Caller(plan: Sample.growth)).refusal == nil)
        let refused = classify("webhooks", caller: Caller(plan: Sample.starter))
        #expect(refused.refusal == .notEntitled)
        #expect(refused.operation == Sample.webhooks)
        #expect(classify("plain", caller: Caller(plan: Sample.starter)).refusal == nil)
    }

    @Test func `a feature that no plan has is open to nobody`() throws {
        let snapshot = try Sample.make(operations: [Operation(name: "a", feature: "beta"), Operation(name: "b")])
        for plan in [Sample.starter, Sample.growth] {
            let request = ClassificationRequest(target: .operation(named: "a"), caller: Caller(plan: plan))
            #expect(snapshot.classify(request).refusal == .notEntitled)
        }
    }
}
