internal import Admission
internal import Policy
internal import Vocabulary

/// Many threads at one instant: whatever the interleaving, the sum of what is admitted is known exactly.
///
/// Run by the tests, and once more under the thread sanitizer by the program `admission-storm`.
package enum Storm: String, CaseIterable, Sendable {
    /// Eight tenants, each with a budget of its own.
    case tenants = "the tenants' budgets admit exactly their bursts"
    /// Tenants that would have much, and a service that has little.
    case service = "the service's budget admits exactly its burst, and the tenants give no more than it"
    /// As before, while snapshots are applied and idle tenants forgotten.
    case reloads = "applying snapshots in between refills and loses nothing"
    /// Requests of three tenants at a time, all or none, that meet at the service's boundary.
    case together = "what is taken together and given back is neither lost nor doubled"

    private static let threads = 4
    private static let attempts = 20_000
    private static let moment = Moment(monotonic: .zero, wall: WallTime(milliseconds: 0))

    /// What must be admitted, and what was.
    package struct Outcome: Hashable, Sendable {
        /// Cost units that the budgets hold.
        package let expected: Int64
        /// Cost units that were admitted.
        package let admitted: Int64
        /// Cost units that are missing in the tenants' budgets afterwards.
        package let given: Int64
    }

    /// Lets the threads loose.
    package func run() async throws -> Outcome {
        var world = World(tenant: ([.perSecond(10)], self == .service ? 100_000 : 1_000))
        world.classes = [.init(guarantee: .perSecond(10)), nil]
        let expected: Int64 = self == .tenants ? 8_000 : self == .service ? 5_000 : 7_000
        if self != .tenants { world.service = ([.perSecond(1_000)], expected) }
        let snapshot = try world.snapshot()
        let engine = AdmissionEngine(snapshot: snapshot, at: .zero)
        let isReloading = self == .reloads
        let admitted = await withTaskGroup(of: Int64.self) { group in
            for thread in 0..<Storm.threads {
                group.addTask {
                    var random = SeededGenerator(seed: UInt64(thread))
                    var taken: Int64 = 0
                    for attempt in 0..<Storm.attempts {
                        if isReloading, thread == 0, attempt % 500 == 0 {
                            engine.apply(snapshot, at: Storm.moment)
                            engine.sweep(limitPerShard: 100, at: Storm.moment)
                        }
                        taken +=
                            self == .together ? Storm.together(on: engine, &random) : Storm.attempt(on: engine, &random)
                    }
                    return taken
                }
            }
            return await group.reduce(0, +)
        }
        // All or none leaves a rest that is smaller than any three; single requests find it.
        let rest = self == .together ? Storm.drain(engine) : 0
        return Outcome(
            expected: expected, admitted: admitted + rest, given: Storm.given(by: engine, burst: world.tenant.burst))
    }

    private static func request(_ random: inout SeededGenerator) -> AdmissionRequest {
        AdmissionRequest(
            tenant: TenantKey(bits: UInt128(UInt64.random(in: 1...8, using: &random)) << 40), plan: 0, operation: 0,
            trafficClass: .random(in: 0...1, using: &random), tier: .random(in: 0...2, using: &random), cost: 1)
    }

    /// One request of a random tenant; what it took.
    private static func attempt(on engine: AdmissionEngine, _ random: inout SeededGenerator) -> Int64 {
        take(request(&random), from: engine)
    }

    private static func take(_ request: AdmissionRequest, from engine: AdmissionEngine) -> Int64 {
        var verdict = Verdict()
        while !engine.decide(request, with: engine.blueprint, at: moment, into: &verdict) {}
        return verdict.isAdmitted ? 1 : 0
    }

    /// Three requests of random tenants, all or none; what they took.
    private static func together(on engine: AdmissionEngine, _ random: inout SeededGenerator) -> Int64 {
        let requests = (0..<3).map { _ in request(&random) }
        var verdicts: [Verdict] = []
        while !engine.decideTogether(requests, with: engine.blueprint, at: moment, into: &verdicts) {}
        return zip(requests, verdicts).contains { $0.refusesAll($1) } ? 0 : 3
    }

    /// Takes one by one what is left; how much it was.
    private static func drain(_ engine: AdmissionEngine) -> Int64 {
        var taken: Int64 = 0
        for tenant in UInt128(1)...8 {
            for (trafficClass, tier) in [(0, 0), (0, 1), (0, 2), (1, 0)] {
                let request = AdmissionRequest(
                    tenant: TenantKey(bits: tenant << 40), plan: 0, operation: 0, trafficClass: trafficClass,
                    tier: tier, cost: 1)
                while take(request, from: engine) > 0 { taken += 1 }
            }
        }
        return taken
    }

    /// What all tenants together have given, as refusals of an impossible cost show it.
    private static func given(by engine: AdmissionEngine, burst: Int64) -> Int64 {
        var given: Int64 = 0
        for tenant in UInt128(1)...8 {
            let request = AdmissionRequest(
                tenant: TenantKey(bits: tenant << 40), plan: 0, operation: 0, trafficClass: 0, tier: 2, cost: 1 << 40)
            var verdict = Verdict()
            while !engine.decide(request, with: engine.blueprint, at: moment, into: &verdict) {}
            let reading = verdict.readings[0]
            given += burst - (reading.own + reading.pool) / reading.unitsPerCost
        }
        return given
    }
}
