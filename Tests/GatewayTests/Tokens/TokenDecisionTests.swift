import Admission
import Directory
import Dispatch
import Policy
import Testing
import Tokens
import Vocabulary

@testable import Gateway
@testable import Journal

/// What becomes of requests with a token.
@Suite struct TokenDecisionTests {
    private static let policy = """
        headgate: 1
        name: tokens
        owner: tests
        tiers: [{ name: critical }, { name: business }, { name: background }]
        classes:
          interactive: { tier: business, consequence: low, owner: tests }
          export: { tier: background, consequence: low, owner: tests }
          repair: { tier: critical, consequence: low, owner: tests, governed: true }
        defaults: { class: export }
        operations:
          read: { match: "GET /things", when: [{ workflow: nightly, tier: critical }] }
        plans: { only: { tenant: { rate: 100/s } } }
        """
    fileprivate static let now = WallTime(milliseconds: 1_795_000_000_000)

    /// A data plane with the principal `acme/worker`, which has the key `k_worker`.
    private struct World {
        let decider: Decider
        let plane: DataPlane
        let authority: TokenAuthority

        init() async throws {
            let compiled = PolicyCompiler.compile([SourceFile(name: "t.yaml", text: TokenDecisionTests.policy)])
            let policy = try #require(compiled.snapshot, "\(compiled.diagnostics)")
            var generator = SeededGenerator(seed: 1)
            let secret = DirectorySecret(using: &generator)
            var contents = DirectoryContents()
            contents.tenants = [Tenant(name: "acme", plan: "only")]
            let key = APIKey(
                id: "k_worker", hash: secret.authenticator.hash(of: Credential(for: .live, using: &generator)),
                created: now)
            contents.principals = [
                Principal(
                    owner: .tenant("acme"), name: "worker", classes: ["repair", "interactive"],
                    attributes: ["workflow"], keys: [key])
            ]
            let hash = KeyedHash(key: (1, 2))
            let directory = DirectorySnapshot(contents, authenticator: secret.authenticator)
            let binding = try #require(DirectoryBinding.bind(directory, to: policy, hash: hash).binding)
            let settings = TokenSettings(issuer: "https://h.example", audience: "a")
            authority = TokenAuthority(
                try await TokenAuthority.Setup(settings, ring: try SigningKeyRing(.edDSA, at: now)))
            plane = DataPlane(
                engine: AdmissionEngine(snapshot: policy, at: .zero), binding: binding,
                journal: JournalWriter(settings: JournalSettings(), alarm: DispatchSemaphore(value: 0)),
                headers: .ietf11, hash: hash, homeRegion: nil, tokens: authority)
            decider = Decider(plane: plane)
        }

        func token(_ scope: String) throws -> String {
            let client = try #require(
                OAuthClient(identity(), in: plane.state), "the worker is entitled to something")
            return try authority.setup.issuer.issue(
                try TokenRequest(scope: scope), to: client.entitlement, handles: authority.handles, at: now
            ).text
        }

        private func identity() -> Identity {
            var identity = Identity(principal: 0, in: plane.state.binding, at: TokenDecisionTests.now)
            identity.key = 0
            return identity
        }

        /// The class and the tier of a request with a token; a claim and attributes as a caller states them.
        func classify(
            _ scope: String, claim: String? = nil, attributes: [(name: String, value: String)] = []
        ) throws -> String {
            var call = DecisionCall(source: .check)
            call.claim = claim
            call.attributes = attributes
            let text = try token(scope)
            let state = plane.state
            let identity = decider.identify(
                text.utf8.span, in: state, at: Moment(monotonic: .zero, wall: now))
            #expect(identity.refusal == nil)
            #expect(identity.key == 0)
            let found = decider.classify(.operation(named: "read"), call, identity, in: state)
            return "\(state.policy.classes[found.trafficClass].name) \(state.policy.tiers[found.tier].name)"
        }
    }

    @Test(
        arguments: [
            ("", nil, "repair critical"), ("", "interactive", "interactive business"),
            ("", "export", "repair critical"),
            ("class:interactive", nil, "interactive business"), ("class:interactive", "repair", "interactive business"),
            ("class:repair class:interactive", "interactive", "interactive business"),
            ("tier:background", nil, "repair background"), ("tier:business", nil, "repair business"),
            ("tier:critical", "interactive", "interactive business"),
            ("workflow:nightly class:interactive", nil, "interactive critical"),
            ("workflow:nightly class:interactive tier:background", nil, "interactive background"),
            ("workflow:daily class:interactive", nil, "interactive business"),
        ] as [(String, String?, String)])
    func `a token narrows and never widens`(scope: String, claim: String?, expected: String) async throws {
        #expect(try await World().classify(scope, claim: claim) == expected)
    }

    @Test func `a request that contradicts its token's workflow is not known`() async throws {
        let found = try await World().classify(
            "workflow:nightly class:interactive", attributes: [("workflow", "daily")])
        #expect(found == "interactive quarantine")
    }

    @Test func `what is no token is a stranger, and one that was withdrawn before it was met is refused`() async throws
    {
        let world = try await World()
        let moment = Moment(monotonic: .zero, wall: Self.now)
        let text = try world.token("")
        let stranger = world.decider.identify((text + "A").utf8.span, in: world.plane.state, at: moment)
        #expect(stranger.principal == nil)
        #expect(stranger.refusal == nil)
        #expect(stranger.token == -1)
        world.authority.revoke(.tenant("acme"), issuedUpTo: Self.now)
        let withdrawn = world.decider.identify(text.utf8.span, in: world.plane.state, at: moment)
        #expect(withdrawn.principal == nil)
        #expect(withdrawn.refusal == .credentialRevoked)
    }

    @Test func `a token that was met and then withdrawn is refused as its principal's`() async throws {
        let world = try await World()
        let moment = Moment(monotonic: .zero, wall: Self.now)
        let text = try world.token("")
        #expect(world.decider.identify(text.utf8.span, in: world.plane.state, at: moment).refusal == nil)
        world.authority.revoke(.everybody, issuedUpTo: Self.now)
        let identity = world.decider.identify(text.utf8.span, in: world.plane.state, at: moment)
        #expect(identity.principal == 0)
        #expect(identity.refusal == .credentialRevoked)
    }
}
