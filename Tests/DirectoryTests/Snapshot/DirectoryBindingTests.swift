import Policy
import Testing
import Vocabulary

@testable import Directory

struct DirectoryBindingTests {
    private let hash = KeyedHash(key: (1, 2))

    private func snapshot(_ document: DirectoryDocument) throws -> DirectorySnapshot {
        DirectorySnapshot(try #require(document.contents), authenticator: nil, mentions: document.mentions)
    }

    @Test func `names become the indices of the policy`() throws {
        let policy = try Samples.policy()
        let directory = try snapshot(
            Samples.document(
                """
                headgate-directory: 1
                tenants:
                  northwind-logistics:
                    plan: enterprise
                    regions: [us-east-1, eu-west-1]
                    principals:
                      web: { classes: [interactive, export], attributes: [workflow.stage] }
                      reconciler: { classes: [repair] }
                      bare:
                  small-co: { plan: starter, suspended: true }
                platform: { gateway: { classes: [export] } }
                """))
        let outcome = DirectoryBinding.bind(directory, to: policy, hash: hash)
        #expect(outcome.diagnostics == [])
        let binding = try #require(outcome.binding)
        #expect(binding.directory === directory)
        #expect(binding.policy === policy)
        #expect(binding.tenants.map { $0.plans.plan(at: Samples.now) } == [0, 1])
        #expect(binding.tenants.map(\.key.bits) == ["northwind-logistics", "small-co"].map { hash($0) })
        #expect(binding.tenants.map(\.regions) == [[0, 1], nil])
        #expect(binding.tenants.map(\.isSuspended) == [false, true])
        func caller(_ name: String, _ tenant: Int?) -> Caller? {
            directory.principalIndex(named: name, tenant: tenant).map { binding.callers[$0] }
        }
        #expect(caller("web", 0) == Caller(plan: -1, classes: [1, 0], attributes: ["workflow.stage"]))
        #expect(caller("reconciler", 0) == Caller(plan: -1, classes: [2]))
        #expect(caller("bare", 0) == Caller(plan: -1))
        #expect(caller("gateway", nil) == Caller(plan: -1, classes: [0]))
    }

    @Test func `a tenant may use the regions it lists, and all of them if it lists none`() throws {
        let directory = try snapshot(
            Samples.document(
                "headgate-directory: 1\ntenants: { a: { plan: starter }, b: { plan: starter, regions: [us-east-1] } }"))
        let binding = try #require(
            DirectoryBinding.bind(directory, to: try Samples.policy(governed: []), hash: hash).binding)
        #expect([0, 1].map { binding.tenants[0].allows(region: $0) } == [true, true])
        #expect([0, 1].map { binding.tenants[1].allows(region: $0) } == [false, true])
    }

    @Test func `what the policy does not know is said once, with what was probably meant`() throws {
        let document = Samples.document(
            """
            headgate-directory: 1
            tenants:
              a: { plan: entreprise, regions: [eu-west-2] }
              b: { plan: entreprise }
              c: { plan: platinum, principals: { web: { classes: [interactiv] } } }
            """)
        let outcome = DirectoryBinding.bind(try snapshot(document), to: try Samples.policy(), hash: hash)
        #expect(outcome.binding == nil)
        #expect(
            DiagnosticRenderer(files: [document.file]).text(outcome.diagnostics) == """
                directory.yaml:1:1: warning: no principal may do work of the governed class `repair` [unclaimable-class]
                  headgate-directory: 1
                  ^
                  help: list the class under `classes` of the principals that data-quality runs

                directory.yaml:3:14: error: the policy `signing-platform` has no plan `entreprise` (named 2 times, here \
                first) [unknown-name]
                    a: { plan: entreprise, regions: [eu-west-2] }
                               ^~~~~~~~~~
                  help: did you mean `enterprise`?

                directory.yaml:3:36: error: the policy `signing-platform` has no region `eu-west-2` [unknown-name]
                    a: { plan: entreprise, regions: [eu-west-2] }
                                                     ^~~~~~~~~
                  help: did you mean `eu-west-1`?

                directory.yaml:5:14: error: the policy `signing-platform` has no plan `platinum` [unknown-name]
                    c: { plan: platinum, principals: { web: { classes: [interactiv] } } }
                               ^~~~~~~~
                  help: known there: `enterprise` and `starter`

                directory.yaml:5:55: error: the policy `signing-platform` has no class `interactiv` [unknown-name]
                    c: { plan: platinum, principals: { web: { classes: [interactiv] } } }
                                                                        ^~~~~~~~~~
                  help: did you mean `interactive`?

                """)
    }

    @Test func `a governed class that nobody may claim is only a warning`() throws {
        let document = Samples.document("headgate-directory: 1\ntenants: { a: { plan: starter } }")
        let outcome = DirectoryBinding.bind(try snapshot(document), to: try Samples.policy(), hash: hash)
        #expect(outcome.binding != nil)
        #expect(outcome.diagnostics.map(\.severity) == [.warning])
        #expect(outcome.diagnostics.map(\.code.name) == ["unclaimable-class"])
    }

    @Test func `a directory that comes from no file is compared with the policy all the same`() throws {
        let directory = DirectorySnapshot(
            DirectoryContents(
                tenants: [Tenant(name: "a", plan: "none"), Tenant(name: "b", plan: "starter", regions: ["mars"])],
                principals: [Principal(owner: .platform, name: "p", classes: ["repair", "sleep"])]),
            authenticator: nil)
        let outcome = DirectoryBinding.bind(directory, to: try Samples.policy(), hash: hash)
        #expect(outcome.binding == nil)
        #expect(outcome.diagnostics.map(\.code.name) == ["unknown-name", "unknown-name", "unknown-name"])
    }
}
