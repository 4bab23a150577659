import Policy
import Testing
import Vocabulary

@testable import Directory

struct EntitlementTests {
    private func at(_ second: Int64) -> WallTime { WallTime(milliseconds: second * 1_000) }

    private func exemption(_ id: String, _ factor: Int64, _ from: Int64, _ until: Int64) -> Grant {
        Grant(
            id: id, kind: .exemption, adjustments: [Adjustment(.tenant, .factor(thousandths: factor))], from: at(from),
            until: at(until), reason: "a migration")
    }

    @Test func `a plan holds from its beginning, until its end, and then what was there before`() {
        var tenant = Tenant(name: "acme", plan: "starter")
        tenant.assignments = [
            PlanAssignment(plan: "growth", from: at(10)), PlanAssignment(plan: "starter", from: at(30)),
        ]
        #expect(
            [9, 10, 29, 30, 99].map { Entitlement(of: tenant, at: at($0)).plan }
                == ["starter", "growth", "growth", "starter", "starter"])
    }

    @Test func `a trial stands above what was bought and ends by itself`() {
        var tenant = Tenant(name: "acme", plan: "starter")
        tenant.assignments = [
            PlanAssignment(plan: "enterprise", from: at(10), until: at(20), isTrial: true),
            PlanAssignment(plan: "growth", from: at(15)),
        ]
        let seen = [9, 10, 15, 19, 20].map { Entitlement(of: tenant, at: at($0)) }
        #expect(seen.map(\.plan) == ["starter", "enterprise", "enterprise", "enterprise", "growth"])
        #expect(seen.map(\.isTrial) == [false, true, true, true, false])
    }

    @Test func `of several exemptions the largest counts, and it multiplies what the contract says`() {
        var tenant = Tenant(name: "acme", plan: "growth")
        tenant.grants = [
            Grant(
                id: "contract", kind: .override,
                adjustments: [Adjustment(.quota(.requests, .month), .amount(100))], from: at(0), reason: "contract 7"),
            exemption("a", 2_000, 10, 20), exemption("b", 3_000, 15, 18),
            Grant(
                id: "c", kind: .exemption,
                adjustments: [Adjustment(.quota(.requests, .month), .factor(thousandths: 1_500))], features: ["bulk"],
                from: at(10), until: at(12), reason: "a migration"),
        ]
        #expect(
            Entitlement(of: tenant, at: at(11)).adjustments == [
                Adjustment(.quota(.requests, .month), .amount(150)), Adjustment(.tenant, .factor(thousandths: 2_000)),
            ])
        #expect(Entitlement(of: tenant, at: at(11)).features == ["bulk"])
        #expect(Entitlement(of: tenant, at: at(11)).grants == ["contract", "a", "c"])
        #expect(
            Entitlement(of: tenant, at: at(16)).adjustments.last == Adjustment(.tenant, .factor(thousandths: 3_000)))
        #expect(Entitlement(of: tenant, at: at(20)).grants == ["contract"])
        #expect(Entitlement(of: tenant, at: at(20)).until == nil)
    }

    @Test(arguments: 0..<40)
    func `requests find at any moment the plan that the one function computes`(seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        var tenants: [Tenant] = []
        for number in 0..<5 {
            var tenant = Tenant(name: "t\(number)", plan: "starter")
            for _ in 0..<Int.random(in: 0...4, using: &chance) {
                let from = Int64.random(in: 0...60, using: &chance)
                tenant.assignments.append(
                    PlanAssignment(
                        plan: ["starter", "enterprise"].randomElement(using: &chance) ?? "starter", from: at(from),
                        until: Bool.random(using: &chance) ? at(from + .random(in: 1...30, using: &chance)) : nil,
                        isTrial: Bool.random(using: &chance)))
            }
            for grant in 0..<Int.random(in: 0...4, using: &chance) {
                let from = Int64.random(in: 0...60, using: &chance)
                tenant.grants.append(
                    exemption(
                        "x\(grant)", .random(in: 1...4, using: &chance) * 500, from,
                        from + .random(in: 1...30, using: &chance)))
            }
            tenants.append(tenant)
        }
        let policy = try Samples.policy(governed: [])
        let directory = DirectorySnapshot(DirectoryContents(tenants: tenants), authenticator: nil)
        let begin = Int64.random(in: 0...40, using: &chance)
        let outcome = DirectoryBinding.bind(directory, to: policy, hash: KeyedHash(key: (1, 2)), at: at(begin))
        let binding = try #require(outcome.binding)
        for (index, tenant) in tenants.enumerated() {
            for second in begin...100 {
                for moment in [at(second), WallTime(milliseconds: second * 1_000 - 1)] where moment >= at(begin) {
                    let expected = try Entitlement(of: tenant, at: moment).effectivePlan(in: policy)
                    #expect(binding.policy.plans[binding.tenants[index].plans.plan(at: moment)] == expected)
                }
            }
        }
    }

    @Test func `equal deviations share one plan, and nobody's deviation makes a plan for others`() throws {
        let policy = try Samples.policy(governed: [])
        let tenants = (0..<4).map { number in
            Tenant(
                name: "t\(number)", plan: "starter", grants: number < 3 ? [exemption("x\(number)", 2_000, 0, 10)] : [])
        }
        let directory = DirectorySnapshot(DirectoryContents(tenants: tenants), authenticator: nil)
        let binding = try #require(
            DirectoryBinding.bind(directory, to: policy, hash: KeyedHash(key: (1, 2)), at: at(5)).binding)
        #expect(binding.policy.plans.map(\.name) == ["enterprise", "starter", "starter with tenant ×2"])
        #expect(binding.tenants.map { $0.plans.plan(at: at(5)) } == [2, 2, 2, 1])
        #expect(binding.tenants.map { $0.plans.plan(at: at(10)) } == [1, 1, 1, 1])
        #expect(binding.policy.version == policy.version)
    }

    @Test func `a policy that cannot give what was granted is refused, and says to whom`() throws {
        let grant = Grant(
            id: "g1", kind: .override, adjustments: [Adjustment(.trafficClass("export"), .factor(thousandths: 2_000))],
            from: at(0), reason: "contract 7")
        let directory = DirectorySnapshot(
            DirectoryContents(tenants: [Tenant(name: "acme", plan: "starter", grants: [grant])]), authenticator: nil)
        let outcome = DirectoryBinding.bind(
            directory, to: try Samples.policy(governed: []), hash: KeyedHash(key: (1, 2)))
        #expect(outcome.binding == nil)
        #expect(outcome.diagnostics.map(\.code) == [.unfitGrant])
        #expect(outcome.diagnostics.first?.message.contains("acme") == true)
    }
}
