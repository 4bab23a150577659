import Admission
import Directory
import Dispatch
import Foundation
import Gateway
import Journal
import NIOCore
import Policy
import Tokens
import Vocabulary

/// A data plane with its tenants, and the requests of one case as bytes.
final class World {
    /// What is asked.
    enum Case: String, CaseIterable {
        /// Forward-auth with an API key; admitted.
        case authorize
        /// The same with a signed token that the loop has met before.
        case authorizeToken = "authorize-token"
        /// The same with a token whose signature is not good: the dearest that a stranger can ask for.
        case authorizeForged = "authorize-forged"
        /// The same, refused by the operation's budget.
        case authorizeDenied = "authorize-denied"
        /// The check call with a credential; admitted.
        case check
        /// Envoy's rate limit protocol over HTTP/2, with a credential in the descriptor; admitted.
        case ratelimit
        /// The engine alone, over the same five levels and the quota.
        case decision
        /// The gate to the seats alone: one is asked for, given at once, and given back.
        case seats

        var plan: String { self == .authorizeDenied ? "spent" : "growth" }
        var bringsToken: Bool { self == .authorizeToken || self == .authorizeForged }
        var status: UInt16 {
            switch self {
            case .authorizeDenied: 429
            case .authorizeForged: 401
            default: 200
            }
        }
    }

    /// Enough that no cache holds one tenant only, few enough that callgrind is done in seconds.
    static let tenantCount = 500

    /// What is asked.
    let name: Case
    /// Who decides.
    let plane: DataPlane
    /// How it is asked.
    let wire: Wire
    private var requests: [ByteBuffer]
    private var stream: UInt32 = 1
    /// Who asks, in turn.
    let tenants: [TenantKey]
    private var position = 0
    /// Who asks for seats.
    let seats: SeatUser

    /// Something does not go as the case says.
    struct Unexpected: Error { let text: String }

    init(policy path: String, case name: Case) throws {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        guard let policy = PolicyCompiler.compile([SourceFile(name: path, text: text)]).snapshot else {
            throw Unexpected(text: "\(path) does not compile: headgate policy check \(path)")
        }
        var generator = Generator(state: 1)
        let (directory, credentials) = World.directory(plan: name.plan, using: &generator)
        let hash = KeyedHash(key: (1, 2))
        guard let binding = DirectoryBinding.bind(directory, to: policy, hash: hash).binding else {
            throw Unexpected(text: "\(path) has no plan called \(name.plan)")
        }
        var clock = Clock()
        // Nobody takes decisions off this journal: what is counted is what a request does, not what the disk's thread
        // does with it later. The queue is large enough for all of them.
        var settings = JournalSettings()
        settings.queueDepthMax = 1 << 20
        let tokens = name.bringsToken ? try World.authority() : nil
        plane = DataPlane(
            engine: AdmissionEngine(snapshot: policy, at: clock.now().monotonic), binding: binding,
            journal: JournalWriter(settings: settings, alarm: DispatchSemaphore(value: 0)), headers: .ietf11,
            hash: hash, homeRegion: "here", tokens: tokens, consumption: Consumption())
        wire = try Wire(to: plane)
        let texts = try tokens.map { try World.tokens(of: directory, by: $0) } ?? credentials.map(\.text)
        requests = texts.indices.map { index in
            // Half of each signature is its neighbour's.
            let forged = texts[index].dropLast(43) + texts[(index + 1) % texts.count].suffix(43)
            return World.request(name, credential: name == .authorizeForged ? String(forged) : texts[index])
        }
        if name == .ratelimit { wire.send(Call.greeting) }
        tenants = binding.tenants.map(\.key)
        seats = SeatUser(policy: policy, at: clock.now().monotonic)
        self.name = name
    }

    /// Asks a number of times, tenant after tenant, and looks at the answers.
    func run(_ count: Int) throws {
        switch name {
        case .decision: try decide(count)
        case .seats: try seats.run(count, tenants)
        case .ratelimit: try call(count)
        case .authorize, .authorizeToken, .authorizeForged, .authorizeDenied, .check: try ask(count)
        }
    }

    private func ask(_ count: Int) throws {
        for _ in 0..<count { wire.send(nextRequest()) }
        let expected = wire.takeCount(of: name.status)
        // While the day's only request is still there it is admitted, once for each tenant.
        let admitted = name == .authorizeDenied ? wire.takeCount(of: 200) : 0
        guard expected + admitted == count, admitted <= World.tenantCount, wire.others.isEmpty else {
            throw Unexpected(text: "\(name.rawValue): \(expected) of \(count) answers as expected, \(wire.others)")
        }
    }

    private func call(_ count: Int) throws {
        let before = admittedCount
        for _ in 0..<count { wire.send(nextCall()) }
        guard admittedCount - before == count else {
            throw Unexpected(text: "\(name.rawValue): \(admittedCount - before) of \(count) calls are admitted")
        }
    }

    /// The next tenant's request.
    func nextRequest() -> ByteBuffer {
        defer { position = position + 1 == requests.count ? 0 : position + 1 }
        return requests[position]
    }

    /// The next tenant's call, on the next stream.
    func nextCall() -> ByteBuffer {
        Call.setStream(stream, of: &requests[position])
        stream += 2
        return nextRequest()
    }

    private var admittedCount: Int {
        plane.metrics.total.decisions.reduce(0) { $0 + ($1.key.outcome == .admit ? Int($1.value) : 0) }
    }

    private func decide(_ count: Int) throws {
        let blueprint = plane.state.blueprint
        var clock = Clock()
        let moment = clock.now()
        for _ in 0..<count {
            var verdict = Verdict()
            guard plane.engine.decide(nextAdmission(), with: blueprint, at: moment, into: &verdict), verdict.isAdmitted
            else { throw Unexpected(text: "the engine refuses") }
        }
    }

    /// The next tenant's request to the engine.
    func nextAdmission() -> AdmissionRequest {
        defer { position = position + 1 == tenants.count ? 0 : position + 1 }
        return AdmissionRequest(
            tenant: tenants[position], plan: 0, operation: 0, trafficClass: 0, tier: 1, region: 0, cost: 1)
    }

    private static func directory(
        plan: String, using generator: inout Generator
    ) -> (DirectorySnapshot, [Credential]) {
        let secret = DirectorySecret(using: &generator)
        var contents = DirectoryContents()
        var credentials: [Credential] = []
        for number in 0..<tenantCount {
            let credential = Credential(for: .live, using: &generator)
            let key = APIKey(
                id: "k_\(number)", hash: secret.authenticator.hash(of: credential),
                created: WallTime(milliseconds: 1_795_000_000_000))
            credentials.append(credential)
            contents.tenants.append(Tenant(name: "tenant-\(number)", plan: plan))
            contents.principals.append(
                Principal(owner: .tenant("tenant-\(number)"), name: "web", classes: ["interactive"], keys: [key]))
        }
        return (DirectorySnapshot(contents, authenticator: secret.authenticator), credentials)
    }

    /// Signs and verifies with a key of its own.
    private static func authority() throws -> TokenAuthority {
        var settings = TokenSettings(issuer: "https://headgate.example", audience: "https://api.example")
        settings.algorithm = .edDSA  // which takes as many instructions for each key and each text
        var clock = Clock()
        let ring = try SigningKeyRing(settings.algorithm, at: clock.now().wall)
        return TokenAuthority(
            try InlineExecutor.run { [settings] in try await TokenAuthority.Setup(settings, ring: ring) })
    }

    /// A token for each tenant, good for longer than the benchmark runs, and for one class as workers have them.
    private static func tokens(of directory: DirectorySnapshot, by authority: TokenAuthority) throws -> [String] {
        var clock = Clock()
        let now = clock.now().wall
        return try directory.principals.map { principal in
            let entitlement = TokenEntitlement(
                subject: TokenGrant.Subject(
                    tenant: principal.owner.label, principal: principal.name, clientID: principal.keys[0].id,
                    environment: "live"),
                classes: principal.classes, tiers: [], bestTier: 0, mayStateWorkflow: false, policyVersion: "sha256:0")
            return try authority.setup.issuer.issue(
                try TokenRequest(scope: "class:interactive"), to: entitlement, handles: authority.handles, at: now
            ).text
        }
    }

    private static func request(_ name: Case, credential: String) -> ByteBuffer {
        switch name {
        case .ratelimit: return Call.shouldRateLimit(credential: credential)
        case .check:
            let body = "{\"credential\":\"\(credential)\",\"method\":\"GET\",\"path\":\"/v1/envelopes/7\"}"
            return ByteBuffer(
                string: "POST /v1/check HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        case .authorizeToken, .authorizeForged:
            return ByteBuffer(
                string: "GET /v1/authorize HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nAuthorization: Bearer \(credential)\r\n"
                    + "X-Original-Method: GET\r\nX-Original-URI: /v1/envelopes/7\r\n\r\n")
        case .authorize, .authorizeDenied, .decision, .seats:
            return ByteBuffer(
                string: "GET /v1/authorize HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nX-API-Key: \(credential)\r\n"
                    + "X-Original-Method: GET\r\nX-Original-URI: /v1/envelopes/7\r\n\r\n")
        }
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same keys in every run, so that the same instructions are counted.
struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
