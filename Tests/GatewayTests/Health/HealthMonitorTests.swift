import Admission
import Directory
import Journal
import Policy
import Testing
import Vocabulary

@testable import Gateway

/// Which ceiling holds, for whom.
struct HealthMonitorTests {
    private static let policy = """
        headgate: 1
        name: health
        owner: tests
        tiers: [{ name: only }]
        service: { envelope: { baseline: 10/s, burst: 20/s, overload: 40/s }, burst: 10 }
        classes:
          work: { tier: only, consequence: low, owner: tests }
        operations:
          act: { match: "POST /acts" }
        plans:
          only: { tenant: { envelope: { baseline: 10/s, burst: 20/s, overload: 40/s }, burst: 10 } }
        health:
          settle: 10s
          shed: 30%
          signals: { alarm: { absent: spare } }
          tenantErrors: { share: 50%, least: 4, window: 1m }
        """

    private func settle(_ world: SmallWorld, at second: Int64) {
        world.plane.settleHealth(upstream: nil, at: SmallWorld.moment(.seconds(second)))
    }

    /// A world that has been well for long enough.
    private func wellWorld() throws -> SmallWorld {
        let world = try SmallWorld(Self.policy)
        for second in Int64(0)...25 { settle(world, at: second) }
        return world
    }

    @Test func `the baseline holds until it has been well for a while`() throws {
        let world = try SmallWorld(Self.policy)
        #expect(try world.decide("act", at: .zero).envelope == .baseline)
        settle(world, at: 0)
        settle(world, at: 10)
        #expect(try world.decide("act", at: .seconds(10)).envelope == .burst)
        settle(world, at: 20)
        let decision = try world.decide("act", at: .seconds(20))
        #expect(decision.envelope == .overload && decision.sharedEnvelope == .overload)
        #expect(world.plane.health.takeIncidents().map(\.action) == ["burst", "overload"])
    }

    @Test func `what is told counts at once, sheds, and ends by itself`() throws {
        let world = try wellWorld()
        _ = world.plane.health.takeIncidents()
        try world.plane.health.tell("alarm", .health(.overloaded), lasting: .seconds(5), at: .seconds(30))
        settle(world, at: 30)
        #expect(try world.decide("act", at: .seconds(30)).envelope == .baseline)
        #expect(world.plane.health.shed == 3_000)
        settle(world, at: 36)
        #expect(world.plane.health.shed == 3_000, "not better before it has been so for a while")
        settle(world, at: 46)
        #expect(world.plane.health.shed == 0)
        settle(world, at: 66)
        #expect(try world.decide("act", at: .seconds(66)).envelope == .burst)
        let incidents = world.plane.health.takeIncidents()
        #expect(incidents.first?.reason.contains("alarm says overloaded") == true, "\(incidents)")
    }

    @Test func `a tenant with failures has the baseline, and the others have not`() throws {
        let world = try wellWorld()
        for _ in 0..<4 { world.deciders[0].noteEnd(isFailure: true, of: world.plane.state.binding.tenants[0].key) }
        #expect(try world.decide("act", of: 0, at: .seconds(30)).envelope == .baseline)
        #expect(try world.decide("act", of: 0, at: .seconds(30)).sharedEnvelope == .overload)
        #expect(try world.decide("act", of: 1, at: .seconds(30)).envelope == .overload)
    }

    @Test func `the ceiling is enforced for the tenant and for all together, and shown`() throws {
        let world = try wellWorld()
        // Ten at once, and after that what flows in.
        for _ in 0..<10 { #expect(try world.decide("act", at: .seconds(30)).isAdmitted) }
        let high = try world.decide("act", at: .seconds(30))
        #expect(!high.isAdmitted && high.decidingFacts?.allowance.text == "40/s")
        #expect(high.retryAfter == .milliseconds(25))
        try world.plane.health.tell("alarm", .health(.stressed), lasting: .seconds(50), at: .seconds(30))
        settle(world, at: 30)
        let low = try world.decide("act", at: .seconds(30))
        #expect(!low.isAdmitted && low.decidingFacts?.allowance.text == "10/s" && low.retryAfter == .milliseconds(100))
    }

    @Test func `pressure is news when it begins and when it has been over for a while`() throws {
        let world = try SmallWorld(Self.policy)
        let monitor = world.plane.health
        for second in Int64(0)..<60 {
            // Every other second for half a minute.
            let isPressed = second < 30 && second % 2 == 0
            monitor.notePressure(
                isPressed ? [.init(tier: "only", letInBasisPoints: 2_500)] : [],
                at: SmallWorld.moment(.seconds(second)))
        }
        let incidents = monitor.takeIncidents()
        #expect(incidents.map(\.action) == ["threshold", "open"] && incidents[0].evidence == "only=2500")
    }

    @Test func `a policy that does not ask has the baseline, and one that asks again begins anew`() throws {
        let world = try wellWorld()
        let silent = Self.policy.split(separator: "\n").prefix { !$0.hasPrefix("health") }.joined(separator: "\n")
        try world.apply(silent, at: .seconds(30))
        settle(world, at: 30)
        for _ in 0..<10 { #expect(try world.decide("act", at: .seconds(30)).isAdmitted) }
        let refused = try world.decide("act", of: 1, at: .seconds(30))
        #expect(refused.envelope == .baseline && refused.reason == .serviceSaturated)
        #expect(refused.retryAfter == .milliseconds(100), "the service has its baseline")
        #expect(world.plane.health.report(at: .seconds(30)).health == nil)
        try world.apply(Self.policy, at: .seconds(31))
        settle(world, at: 31)
        #expect(try world.decide("act", at: .seconds(31)).envelope == .baseline)
    }
}
