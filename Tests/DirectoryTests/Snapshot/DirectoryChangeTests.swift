import Policy
import Testing
import Vocabulary

@testable import Directory

/// A directory that is changed owner by owner is the one that is made anew from the same contents.
struct DirectoryChangeTests {
    private let hash = KeyedHash(key: (1, 2))

    /// Contents that change, and the texts of all keys that there ever were.
    private struct World {
        var tenants: [String: (tenant: Tenant, principals: [Principal])] = [:]
        var platform: [Principal] = []
        var credentials: [String] = []
        var generator: SeededGenerator
        let authenticator: CredentialAuthenticator

        init(seed: UInt64) throws {
            generator = SeededGenerator(seed: seed)
            authenticator = try Samples.secret.authenticator
            for number in 0..<12 { change("t\(number)") }
            platform = principals(of: .platform)
        }

        /// Makes or changes a tenant, and gives it other principals and keys.
        mutating func change(_ name: String) {
            var tenant = Tenant(name: name, plan: generator.oneIn(2) ? "starter" : "enterprise")
            tenant.isSuspended = generator.oneIn(5)
            if generator.oneIn(3) { tenant.regions = ["eu-west-1"] }
            if generator.oneIn(3) {
                let factor = Int64.random(in: 1_100...1_105, using: &generator)
                tenant.grants = [
                    Grant(
                        id: "g", kind: .exemption,
                        adjustments: [Adjustment(.tenant, .factor(thousandths: factor))],
                        from: WallTime(milliseconds: 10),
                        until: WallTime(milliseconds: 20), reason: "r")
                ]
            }
            tenants[name] = (tenant, principals(of: .tenant(name)))
        }

        mutating func principals(of owner: Principal.Owner) -> [Principal] {
            ["web", "worker", "a", "zz"].filter { _ in generator.oneIn(2) }.map { name in
                var principal = Principal(
                    owner: owner, name: name, classes: generator.oneIn(2) ? ["export"] : ["repair"])
                for _ in 0..<Int.random(in: 0...3, using: &generator) {
                    let credential = Credential(for: .live, using: &generator)
                    credentials.append(credential.text)
                    principal.keys.append(
                        APIKey(
                            id: APIKey.randomID(using: &generator), hash: authenticator.hash(of: credential),
                            created: Samples.now, revoked: generator.oneIn(4) ? Samples.now : nil))
                }
                return principal
            }
        }

        var states: [DirectorySnapshot.OwnerState] { tenants.values.map { .tenant($0.tenant, $0.principals) } }

        var anew: DirectorySnapshot {
            DirectorySnapshot(owners: states, platform: platform, count: tenants.count, authenticator: authenticator)
        }
    }

    /// Everything that can be asked of a binding, in names.
    private func description(of binding: DirectoryBinding, _ world: World) -> [String] {
        let directory = binding.directory
        func principals(_ tenant: Int?) -> [String] {
            directory.principalIndices(ofTenant: tenant).map { index in
                let principal = directory.principal(at: index)
                let keys = principal.keys.map { key in
                    "\(key.id) \(directory.keyIndex(id: key.id, ofPrincipal: index).map { directory.status(ofKey: $0, at: Samples.now) } as Any)"
                }
                return "\(principal) \(keys) \(binding.caller(ofPrincipal: index)) "
                    + "\(directory.tenantIndex(ofPrincipal: index) == tenant) "
                    + "\(directory.principalIndex(named: principal.name, tenant: tenant) == index)"
            }
        }
        let tenants = world.tenants.keys.sorted().map { name in
            guard let index = directory.tenantIndex(named: name) else { return "\(name) is missing" }
            let plans = [5, 15, 25].map {
                binding.policy.plans[binding.plan(ofTenant: index, at: WallTime(milliseconds: $0))].name
            }
            return "\(directory.tenant(at: index)) \(plans) \(binding.isSuspended(tenant: index)) "
                + "\(binding.allows(region: 1, tenant: index)) \(binding.key(ofTenant: index)) \(principals(index))"
        }
        let keys = world.credentials.map { text -> String in
            guard case .known(let principal, let key, let status) = directory.match(text.utf8.span, at: Samples.now)
            else { return "unknown" }
            return "\(directory.principal(at: principal).qualifiedName) \(directory.key(at: key).id) \(status)"
        }
        return tenants + keys + principals(nil) + ["\(directory.keyCount) \(directory.tenants.count)"]
    }

    @Test(arguments: 0..<40)
    func `what was changed in part is what is made anew`(_ seed: UInt64) throws {
        let policy = try Samples.policy(governed: [])
        var world = try World(seed: seed)
        var binding = try #require(DirectoryBinding.bind(world.anew, to: policy, hash: hash).binding)
        for round in 0..<12 {
            let before = (binding, description(of: binding, world), world)
            var changed: [String] = []
            for _ in 0..<Int.random(in: 0...4, using: &world.generator) {
                let name = "t\(Int.random(in: 0..<12 + round, using: &world.generator))"
                world.change(name)
                changed.append(name)
            }
            var states = changed.compactMap { world.tenants[$0] }.map {
                DirectorySnapshot.OwnerState.tenant($0.tenant, $0.principals)
            }
            if world.generator.oneIn(3) {
                world.platform = world.principals(of: .platform)
                states.append(.platform(world.platform))
            }
            let directory = binding.directory.changing(states)
            let outcome = DirectoryBinding.bind(directory, to: policy, hash: hash, following: binding)
            let following = try #require(outcome.binding)
            let anew = try #require(DirectoryBinding.bind(world.anew, to: policy, hash: hash).binding)
            #expect(description(of: following, world) == description(of: anew, world), "seed \(seed), round \(round)")
            #expect(description(of: before.0, before.2) == before.1, "the former one has changed (seed \(seed))")
            #expect(directory.mentions.plans.map(\.name).sorted() == anew.directory.mentions.plans.map(\.name).sorted())
            binding = following
        }
    }

    @Test func `a plan that the policy does not know is found in what has changed, and is forgotten with it`() throws {
        let policy = try Samples.policy(governed: [])
        let world = try World(seed: 1)
        let binding = try #require(DirectoryBinding.bind(world.anew, to: policy, hash: hash).binding)
        let wrong = binding.directory.changing([.tenant(Tenant(name: "t3", plan: "gold"), [])])
        let outcome = DirectoryBinding.bind(wrong, to: policy, hash: hash, following: binding)
        #expect(outcome.binding == nil && outcome.diagnostics.count == 1)
        let right = wrong.changing([.tenant(Tenant(name: "t3", plan: "starter"), [])])
        #expect(DirectoryBinding.bind(right, to: policy, hash: hash, following: binding).binding != nil)
    }

    @Test func `a directory that was built for few grows to many, and a table that loses entries finds the others`()
        throws
    {
        var table = IndexTable(count: 1)
        var chance = SeededGenerator(seed: 7)
        let hashes = (0..<20_000).map { _ in UInt64.random(in: .min ... .max, using: &chance) }
        for (index, hash) in hashes.enumerated() { table.insert(index, hash: hash) }
        let copy = table
        for index in stride(from: 0, to: 20_000, by: 3) { table.remove(index, hash: hashes[index]) }
        for (index, hash) in hashes.enumerated() {
            #expect(table.firstIndex(hash: hash) { $0 == index } == (index % 3 == 0 ? nil : index))
            #expect(copy.firstIndex(hash: hash) { $0 == index } == index)
        }
        // Where all collide, what stood behind an entry that is gone is still found.
        var crowded = IndexTable(count: 8)
        for index in 0..<200 { crowded.insert(index, hash: UInt64(index % 3) << 32) }
        for index in stride(from: 0, to: 200, by: 2) { crowded.remove(index, hash: UInt64(index % 3) << 32) }
        for index in 0..<200 {
            #expect(
                crowded.firstIndex(hash: UInt64(index % 3) << 32) { $0 == index } == (index % 2 == 0 ? nil : index))
        }
    }
}
