package import Admission
package import Policy
package import Vocabulary

/// A small policy for tests of the engine, built without the language, and an engine that applies it.
///
/// Tiers are `critical`, `business`, `best-effort` and the built-in quarantine; classes are named by the lanes given.
package struct World {
    package var tiers: [Budget.LaneRequest] = [.init(), .init(), .init(), .init()]
    package var service: (rates: [Rate], burst: Int64)?
    package var region: (rates: [Rate], burst: Int64)?
    package var tenant: (rates: [Rate], burst: Int64)
    /// One class per entry; `nil`: a class without a lane.
    package var classes: [Budget.LaneRequest?]
    package var operations: [Meter?] = [nil]
    package var quotas: [Plan.Quota]
    package var quarantine = Meter.checked(amount: 10, per: .second, burst: 10)
    package var planName = "plan"
    package var zone = CalendarZone.utc

    /// A world that limits nothing but what is said here.
    package init(
        tenant: (rates: [Rate], burst: Int64) = ([Rate(amount: 1_000_000, period: .second)], 1_000_000),
        classes: [Budget.LaneRequest?] = [nil], quotas: [Plan.Quota] = []
    ) {
        self.tenant = tenant
        self.classes = classes
        self.quotas = quotas
    }

    /// The snapshot; where plans are given by name and burst, each is the tenant's budget with another burst.
    package func snapshot(plans given: [(name: String, burst: Int64)]? = nil) throws -> Snapshot {
        let requests = classes.compactMap(\.self)
        var lane = -1
        let laneOfClass = classes.map { request -> Int in
            guard request != nil else { return -1 }
            lane += 1
            return lane
        }
        let meters = operations.compactMap(\.self)
        var meter = -1
        let meterOfOperation = operations.map { request -> Int in
            guard request != nil else { return -1 }
            meter += 1
            return meter
        }
        let plans = try (given ?? [(planName, tenant.burst)]).map { name, burst in
            Plan(
                name: name, tenant: try Budget(rates: tenant.rates, burst: burst, lanes: requests),
                laneOfClass: laneOfClass, operationMeters: meters, meterOfOperation: meterOfOperation, quotas: quotas,
                zone: zone)
        }
        return Snapshot(
            version: PolicyVersion(digest: [UInt8](repeating: 7, count: 32)), name: "test", owner: "tests",
            tiers: ["critical", "business", "best-effort", "quarantine"].map { Tier(name: $0) },
            classes: classes.indices.map {
                TrafficClass(name: "class-\($0)", tier: 1, consequence: .low, owner: "tests")
            },
            operations: operations.indices.map { Operation(name: "operation-\($0)") },
            plans: plans,
            regions: try region.map {
                [Region(name: "here", budget: try Budget(rates: $0.rates, burst: $0.burst, lanes: tiers))]
            } ?? [],
            service: try service.map { try Budget(rates: $0.rates, burst: $0.burst, lanes: tiers) },
            unknown: UnknownTreatment(credential: .quarantine, operation: .quarantine, cost: 1, quarantine: quarantine),
            defaultClass: 0, matcher: OperationMatcher())
    }

    package func engine() throws -> EngineUnderTest { EngineUnderTest(try snapshot()) }
}

extension Meter {
    /// A meter that is known to fit.
    package static func checked(amount: Int64, per period: Nanoseconds, burst: Int64) -> Meter {
        guard let meter = Meter(rate: Rate(amount: amount, period: period), burst: burst) else {
            preconditionFailure("\(amount) per \(period.count) ns with burst \(burst) does not fit")
        }
        return meter
    }
}

/// An engine with a clock that the test turns.
package final class EngineUnderTest {
    package let engine: AdmissionEngine
    package var now: Int64 = 0
    package var wallAtZero: Int64 = 1_790_000_000_000

    package init(
        _ snapshot: Snapshot, shardCount: Int = 4, tenantCountMax: Int = AdmissionEngine.tenantCountMax,
        isLeasing: Bool = true
    ) {
        engine = AdmissionEngine(
            snapshot: snapshot, at: .zero, shardCount: shardCount, tenantCountMax: tenantCountMax,
            isLeasing: isLeasing)
    }

    package var moment: Moment {
        Moment(monotonic: Nanoseconds(now), wall: WallTime(milliseconds: wallAtZero + now / 1_000_000))
    }

    /// The key of a tenant that tests know by number.
    package static func key(_ tenant: UInt64) -> TenantKey {
        TenantKey(bits: UInt128(tenant) &* 0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835)
    }

    package func decide(
        tenant: UInt64? = 1, plan: Int = 0, trafficClass: Int = 0, operation: Int = 0, tier: Int = 1,
        region: Int = -1, cost: Int64 = 1, bytes: Int64 = 0, envelope: Envelope = .baseline, stage: Stage = .enforce,
        isPeek: Bool = false
    ) -> Verdict {
        decide(
            AdmissionRequest(
                tenant: tenant.map(EngineUnderTest.key), plan: plan, operation: operation, trafficClass: trafficClass,
                tier: tier, region: region, cost: cost, bytes: bytes, envelope: envelope, stage: stage, isPeek: isPeek))
    }

    package func decide(_ request: AdmissionRequest) -> Verdict {
        while true {
            var verdict = Verdict()
            if engine.decide(request, with: engine.blueprint, at: moment, into: &verdict) { return verdict }
        }
    }

    /// Decides all or none.
    package func decideTogether(_ requests: [AdmissionRequest]) -> [Verdict] {
        while true {
            var verdicts: [Verdict] = []
            if engine.decideTogether(requests, with: engine.blueprint, at: moment, into: &verdicts) { return verdicts }
        }
    }

    /// How many requests of cost 1 are admitted at this instant, up to a limit.
    package func drain(
        tenant: UInt64 = 1, trafficClass: Int = 0, tier: Int = 1, region: Int = -1, limit: Int = 1_000_000
    ) -> Int {
        var admitted = 0
        while admitted < limit,
            decide(tenant: tenant, trafficClass: trafficClass, tier: tier, region: region).isAdmitted
        {
            admitted += 1
        }
        return admitted
    }
}

extension Rate {
    /// An amount per second.
    package static func perSecond(_ amount: Int64) -> Rate { Rate(amount: amount, period: .second) }
}
