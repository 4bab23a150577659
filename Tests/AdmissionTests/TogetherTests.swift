import Admission
import AdmissionTestSupport
import Policy
import Testing
import Vocabulary

@Suite struct `requests decided together` {
    /// Every level small enough to be the one that refuses.
    static func world() -> World {
        var world = World(tenant: ([.perSecond(30)], 12))
        world.service = ([.perSecond(50)], 25)
        world.region = ([.perSecond(40)], 20)
        world.tiers = [.init(guarantee: .perSecond(5)), .init(), .init(holdbackBasisPoints: 2_000), .init()]
        world.classes = [
            .init(guarantee: .perSecond(5)), .init(ceiling: .checked(amount: 4, per: .second, burst: 6)),
            .init(guarantee: .perSecond(3), isolated: true), nil,
        ]
        world.operations = [nil, .checked(amount: 2, per: .second, burst: 3)]
        world.quotas = [
            .init(unit: .requests, amount: 40, period: .day), .init(unit: .cost, amount: 90, period: .month),
        ]
        return world
    }

    static func randomRequest(_ random: inout SeededGenerator) -> AdmissionRequest {
        let isKnown = Int.random(in: 0..<10, using: &random) > 0
        return AdmissionRequest(
            tenant: isKnown ? EngineUnderTest.key(.random(in: 1...3, using: &random)) : nil, plan: 0,
            operation: .random(in: 0...1, using: &random), trafficClass: .random(in: 0...3, using: &random),
            tier: isKnown ? .random(in: -1...3, using: &random) : 3, region: .random(in: -1...0, using: &random),
            cost: .random(in: 1...4, using: &random),
            stage: Int.random(in: 0..<6, using: &random) == 0 ? .shadow : .enforce,
            isPeek: Int.random(in: 0..<6, using: &random) == 0)
    }

    /// The oracle: an engine that has seen nothing but what was admitted.
    private static func replay(_ history: [(now: Int64, request: AdmissionRequest)]) throws -> EngineUnderTest {
        let subject = try world().engine()
        for (now, request) in history {
            subject.now = now
            _ = subject.decide(request)
        }
        return subject
    }

    private static func levels(of subject: EngineUnderTest) -> [[[Int64]]] {
        (UInt64(1)...3).flatMap { tenant in
            (0...3).map { trafficClass in
                subject.decide(
                    tenant: tenant, trafficClass: trafficClass, operation: 1, tier: trafficClass, region: 0,
                    cost: 1_000, isPeek: true
                ).levels
            }
        }
    }

    @Test(arguments: [UInt64](1...40))
    func `are admitted if they could be one after another, else leave no trace`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let subject = try Self.world().engine()
        var history: [(now: Int64, request: AdmissionRequest)] = []
        var refused = 0
        for step in 0..<40 {
            subject.now += [0, 0, 30_000_000, 400_000_000].randomElement(using: &random) ?? 0
            let requests = (0..<Int.random(in: 1...4, using: &random)).map { _ in Self.randomRequest(&random) }
            let verdicts = subject.decideTogether(requests)
            let oracle = try Self.replay(history)
            oracle.now = subject.now
            // Looks see what is there before anything of the call is taken.
            let inOrder = requests.filter(\.isPeek) + requests.filter { !$0.isPeek }
            let isRefused = inOrder.map { $0.refusesAll(oracle.decide($0)) }.contains(true)
            try #require(
                zip(requests, verdicts).contains { $0.refusesAll($1) } == isRefused, "seed \(seed), step \(step)")
            if isRefused { refused += 1 } else { history += requests.map { (subject.now, $0) } }
            let expected = try Self.replay(history)
            expected.now = subject.now
            try #require(Self.levels(of: subject) == Self.levels(of: expected), "seed \(seed), step \(step)")
        }
        #expect(refused > 0 && refused < 40)
    }

    @Test func `of one tenant count as their sum`() throws {
        let subject = try World(tenant: ([.perSecond(1)], 10)).engine()
        let request = AdmissionRequest(
            tenant: EngineUnderTest.key(1), plan: 0, operation: 0, trafficClass: 0, tier: -1, cost: 4)
        let verdicts = subject.decideTogether([request, request, request])
        #expect(verdicts.map(\.isAdmitted) == [true, true, false])
        #expect(verdicts[2].retryAfter == Nanoseconds.seconds(2))
        #expect(subject.drain(tier: -1) == 10, "nothing was spent")
    }

    @Test func `each with its own budgets' answer when one of them refuses`() throws {
        let subject = try World(tenant: ([.perSecond(1)], 5)).engine()
        #expect(subject.drain(tenant: 2, tier: -1) == 5)
        func request(_ tenant: UInt64, stage: Stage = .enforce, isPeek: Bool = false) -> AdmissionRequest {
            AdmissionRequest(
                tenant: EngineUnderTest.key(tenant), plan: 0, operation: 0, trafficClass: 0, tier: -1, cost: 5,
                stage: stage, isPeek: isPeek)
        }
        let refused = subject.decideTogether([request(1), request(2), request(3)])
        #expect(refused.map(\.isAdmitted) == [true, false, true])
        let looked = subject.decideTogether([request(1), request(2, isPeek: true)])
        #expect(looked.map(\.isAdmitted) == [true, false], "a look that is refused refuses all")
        let milder = subject.decideTogether([request(1), request(2, stage: .shadow), request(3, isPeek: true)])
        #expect(milder.map(\.isAdmitted) == [true, true, true])
        #expect(milder[1].wouldBe == .tenantCeiling)
        #expect(!subject.decide(tenant: 1, tier: -1).isAdmitted, "the first was taken")
        #expect(subject.decide(tenant: 3, tier: -1, cost: 5).isAdmitted, "refused calls and looks took nothing")
    }
}
