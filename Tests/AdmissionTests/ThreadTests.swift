import Admission
import Policy
import Testing
import Vocabulary

/// Many threads at one instant: whatever the interleaving, the sum of what is admitted is known exactly.
///
/// `make test` runs the same cases once more under the thread sanitizer.
@Suite struct `many threads at once` {
    private static let threads = 4
    private static let attempts = 20_000

    /// How many of the attempts of all threads were admitted, and how many units they took.
    private func storm(
        _ engine: AdmissionEngine, seed: UInt64, at moment: Moment,
        request: @Sendable @escaping (inout SeededGenerator) -> AdmissionRequest,
        meanwhile: @Sendable @escaping (Int) -> Void = { _ in }
    ) async -> Int64 {
        await withTaskGroup(of: Int64.self) { group in
            for thread in 0..<Self.threads {
                group.addTask {
                    var random = SeededGenerator(seed: seed &+ UInt64(thread))
                    var taken: Int64 = 0
                    for attempt in 0..<Self.attempts {
                        if thread == 0, attempt % 500 == 0 { meanwhile(attempt) }
                        let request = request(&random)
                        var verdict = Verdict()
                        while !engine.decide(request, with: engine.blueprint, at: moment, into: &verdict) {}
                        if verdict.isAdmitted { taken += request.cost }
                    }
                    return taken
                }
            }
            return await group.reduce(0, +)
        }
    }

    private static func request(
        _ random: inout SeededGenerator, tenants: UInt64 = 8, costs: ClosedRange<Int64> = 1...1
    ) -> AdmissionRequest {
        AdmissionRequest(
            tenant: TenantKey(bits: UInt128(UInt64.random(in: 1...tenants, using: &random)) << 40), plan: 0,
            operation: 0, trafficClass: Int.random(in: 0...1, using: &random), tier: .random(in: 0...2, using: &random),
            cost: .random(in: costs, using: &random))
    }

    @Test func `the tenants' budgets admit exactly their bursts`() async throws {
        let world = World(tenant: ([.perSecond(10)], 1_000), classes: [.init(guarantee: .perSecond(10)), nil])
        let engine = AdmissionEngine(snapshot: try world.snapshot(), at: .zero)
        let moment = Moment(monotonic: .zero, wall: WallTime(milliseconds: 0))
        let taken = await storm(engine, seed: 1, at: moment) { Self.request(&$0) }
        #expect(taken == 8 * 1_000)
    }

    @Test func `the service's budget admits exactly its burst, whatever the tenants still had`() async throws {
        var world = World(tenant: ([.perSecond(100_000)], 100_000))
        world.classes = [nil, nil]
        world.service = ([.perSecond(1_000)], 5_000)
        let engine = AdmissionEngine(snapshot: try world.snapshot(), at: .zero)
        let moment = Moment(monotonic: .zero, wall: WallTime(milliseconds: 0))
        let taken = await storm(engine, seed: 2, at: moment) { Self.request(&$0) }
        #expect(taken == 5_000)
        // All or none: what the tenants gave is what the service gave.
        var given: Int64 = 0
        for tenant in UInt128(1)...8 {
            var verdict = Verdict()
            let request = AdmissionRequest(
                tenant: TenantKey(bits: tenant << 40), plan: 0, operation: 0, trafficClass: 0, tier: 2, cost: 100_001)
            #expect(engine.decide(request, with: engine.blueprint, at: moment, into: &verdict))
            given += 100_000 - verdict.readings[0].pool / verdict.readings[0].unitsPerCost
        }
        #expect(given == 5_000)
    }

    @Test func `applying snapshots in between refills and loses nothing`() async throws {
        var world = World(tenant: ([.perSecond(10)], 1_000))
        world.classes = [.init(guarantee: .perSecond(10)), nil]
        world.service = ([.perSecond(1_000)], 7_000)
        let snapshot = try world.snapshot()
        let engine = AdmissionEngine(snapshot: snapshot, at: .zero)
        let moment = Moment(monotonic: .zero, wall: WallTime(milliseconds: 0))
        let taken = await storm(engine, seed: 3, at: moment) { random in
            Self.request(&random)
        } meanwhile: { _ in
            engine.apply(snapshot, at: moment)
            engine.sweep(limitPerShard: 100, at: moment)
        }
        #expect(taken == 7_000)
    }
}
