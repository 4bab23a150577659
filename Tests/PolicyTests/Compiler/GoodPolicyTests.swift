import Policy
import Testing
import Vocabulary

/// Policies that are right, and the exact numbers they become.
struct GoodPolicyTests {
    private func compile(_ name: String) throws -> (snapshot: Snapshot, tests: [PolicyTest], warnings: String) {
        let file = try Fixture.policy("good", name)
        let result = PolicyCompiler.compile([file])
        let text = DiagnosticRenderer(files: [file]).text(result.diagnostics)
        return (try #require(result.snapshot, "\(text)"), result.tests, text)
    }

    @Test(arguments: ["signing-platform.yaml", "complete.yaml", "descriptors.yaml", "abuse.yaml"])
    func `the policy's own tests pass`(name: String) throws {
        let (snapshot, tests, _) = try compile(name)
        #expect(!tests.isEmpty)
        for test in tests {
            let mismatches = test.run(against: snapshot)
            #expect(mismatches.isEmpty, "\(test.name): \(mismatches)")
        }
    }

    @Test func `the sample of the design has one warning: nothing is guaranteed to recovery`() throws {
        let warnings = try compile("signing-platform.yaml").warnings
        #expect(warnings.split(separator: "\n").first?.hasSuffix("[protected-without-guarantee]") == true)
        #expect(warnings.split(separator: "\n").filter { $0.contains(": warning: ") }.count == 1)
    }

    @Test func `a policy that says everything has nothing to warn of`() throws {
        #expect(try compile("complete.yaml").warnings.isEmpty)
        #expect(try compile("descriptors.yaml").warnings.isEmpty)
        #expect(try compile("abuse.yaml").warnings.isEmpty)
    }

    @Test func `tiers get their reserves, and holdbacks that rise evenly to one half`() throws {
        let snapshot = try compile("signing-platform.yaml").snapshot
        #expect(snapshot.tiers.map(\.name) == ["critical", "business", "best-effort", "quarantine"])
        #expect(snapshot.tiers.map(\.reserveBasisPoints) == [4_000, 2_000, 0, 0])
        #expect(snapshot.tiers.map(\.holdbackBasisPoints) == [0, 2_500, 5_000, 5_000])
        #expect(snapshot.tiers[2].queue == Tier.Queue(depthMax: 50, waitMax: .seconds(2)))
        #expect(snapshot.tiers[0].latency == [Tier.LatencyTarget(permille: 950, below: .milliseconds(50))])
    }

    @Test func `the service's lanes are shares of its baseline, exactly`() throws {
        let service = try #require(try compile("signing-platform.yaml").snapshot.service)
        #expect(service.rates.map(\.description) == ["4000/s", "5000/s", "6000/s"])
        #expect(service.burst == 4_000)
        // 40% of 4000 per second is 1600 per second: 1 in 625,000 ns.
        #expect(service.lanes[0].guarantee == Rate(amount: 1, period: Nanoseconds(625_000)))
        #expect(service.lanes[1].guarantee == Rate(amount: 1, period: Nanoseconds(1_250_000)))
        #expect(service.lanes.map(\.guaranteeBurst) == [1_600, 800, 0, 0])
        #expect(service.poolCapacity == 1_600 * service.unitsPerCost)
        #expect(service.lanes.map(\.holdback) == [0, 400, 800, 800].map { $0 * service.unitsPerCost })
        // Per nanosecond, in units: 4000 - 2400, 5000 - 2400, 6000 - 2400 per second.
        let unitsPerSecond = service.unitsPerCost
        #expect(service.poolInflow.map { $0 * 1_000_000_000 / unitsPerSecond } == [1_600, 2_600, 3_600])
    }

    @Test func `a region has lanes like the service`() throws {
        let snapshot = try compile("complete.yaml").snapshot
        #expect(snapshot.regions.map(\.name) == ["eu-west-1", "us-east-1"])
        let region = snapshot.regions[0].budget
        #expect(region.lanes.map(\.guaranteeBurst) == [1_200, 600, 0, 0])
        #expect(region.lanes.map(\.holdback) == [0, 150, 600, 600].map { $0 * region.unitsPerCost })
        #expect(snapshot.regions[1].budget.burst == 1_000)
        #expect(snapshot.regions[1].budget.rates[1] == Rate(amount: 60_000, period: .seconds(60)))
    }

    @Test func `what is a near miss is a tenth unless the policy says otherwise`() throws {
        let snapshot = try compile("complete.yaml").snapshot
        #expect(snapshot.tiers.map(\.nearMissBasisPoints) == [2_500, 1_000, 1_000, 1_000])
        let stated = snapshot.classes.filter { $0.nearMissBasisPoints != Tier.nearMissStandard }
        #expect(stated.map { "\($0.name) \($0.nearMissBasisPoints)" } == ["repair 4000"])
    }

    @Test func `a plan has a lane for each class it lists, and the others live from the pool`() throws {
        let snapshot = try compile("signing-platform.yaml").snapshot
        let plan = snapshot.plans[0]
        #expect(snapshot.classes.map(\.name) == ["export", "integration", "interactive", "recovery", "repair"])
        #expect(plan.laneOfClass == [-1, -1, 0, -1, 1])
        #expect(plan.tenant.burst == 600)
        #expect(plan.tenant.lanes.map(\.guaranteeBurst) == [100, 30])
        #expect(plan.tenant.lanes.map(\.borrows) == [true, false])
        #expect(plan.tenant.lanes.map(\.lends) == [true, false])
        #expect(plan.tenant.poolCapacity == 470 * plan.tenant.unitsPerCost)
        #expect(plan.quotas == [Plan.Quota(unit: .requests, amount: 5_000_000, period: .month)])
        #expect(plan.features == ["bulk-send", "webhooks"])
    }

    @Test func `ceilings, operation budgets and quotas are kept as they are stated`() throws {
        let snapshot = try compile("complete.yaml").snapshot
        let plan = snapshot.plans[0]
        let integration = try #require(snapshot.classes.firstIndex { $0.name == "integration" })
        let lane = plan.tenant.lanes[plan.laneOfClass[integration]]
        #expect(lane.guarantee == nil)
        #expect(lane.ceiling?.rate.description == "120/s")
        #expect(lane.ceiling?.burst == 240)
        #expect(plan.operationMeters.map(\.rate.description) == ["60/min"])
        #expect(plan.meterOfOperation.count(where: { $0 >= 0 }) == 1)
        #expect(
            plan.quotas.map { "\($0.unit.name) \($0.amount)/\($0.period.name)" } == [
                "requests 5000000/month", "cost 200000/day", "cost 4000000/month", "bytes 10000000000/day",
            ])
    }

    @Test func `blackouts become windows of the week, and cross midnight`() throws {
        let snapshot = try compile("complete.yaml").snapshot
        func blackouts(_ name: String) -> [TrafficClass.Blackout] {
            snapshot.classes.first { $0.name == name }?.blackouts ?? []
        }
        let sunday = TrafficClass.Blackout(startMinute: 6 * 1_440 + 1_410, endMinute: 30, stage: .observe)
        #expect(blackouts("repair") == [sunday])
        #expect(
            blackouts("integration") == [
                sunday,
                TrafficClass.Blackout(startMinute: 1_320, endMinute: 1_440 + 360, stage: .shadow),
                TrafficClass.Blackout(startMinute: 1_440 + 1_320, endMinute: 2 * 1_440 + 360, stage: .shadow),
            ])
        #expect(snapshot.classes.map(\.stage) == [.shadow, .advise, .enforce, .enforce, .enforce])
        #expect(snapshot.stageOrder.map { snapshot.classes[$0].name } == ["repair", "integration", "export"])
    }

    @Test func `what is not stated about the unknown is careful`() throws {
        let unknown = try compile("signing-platform.yaml").snapshot.unknown
        #expect(unknown.credential == .block)
        #expect(unknown.operation == .quarantine)
        #expect(unknown.cost == 20)
        #expect(unknown.quarantine.rate.description == "40/s")
        #expect(unknown.quarantine.burst == 40)
    }
}
