import Directory
import Policy
import Vocabulary

@testable import Tokens

/// A policy, a directory and an authority, with the clock in the test's hands.
struct TokenWorld {
    let binding: DirectoryBinding
    let ring: SigningKeyRing
    let settings: TokenSettings
    let authority: TokenAuthority

    /// 2026-11-21T00:00:00Z.
    static let now = WallTime(milliseconds: 1_795_219_200_000)

    static let policy = """
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
          read: { match: "GET /things" }
        plans: { only: { tenant: { rate: 100/s } } }
        """

    /// Something could not be built.
    struct Unusable: Error {
        let what: String
    }

    init(
        _ algorithm: TokenAlgorithm = .es256, form: TokenForm = .signed, outside: [TokenSettings.OutsideIssuer] = [],
        outsideKeys: [String: [UInt8]] = [:]
    ) async throws {
        binding = try TokenWorld.binding()
        ring = try SigningKeyRing(algorithm, at: TokenWorld.now)
        var settings = TokenSettings(issuer: "https://headgate.example", audience: "https://api.example")
        settings.algorithm = algorithm
        settings.form = form
        settings.outside = outside
        self.settings = settings
        authority = TokenAuthority(
            try await TokenAuthority.Setup(settings, ring: ring, outsideKeys: outsideKeys))
    }

    /// The policy with `acme/web`, `acme/worker` and the platform's `gateway`, each with the key `k_` and its name.
    static func binding(
        classesOfWorker: [String] = ["repair", "export"], revokedKey: String? = nil, isSandbox: Bool = false
    ) throws -> DirectoryBinding {
        let compiled = PolicyCompiler.compile([SourceFile(name: "tokens.yaml", text: policy)])
        guard let policy = compiled.snapshot else { throw Unusable(what: "\(compiled.diagnostics)") }
        var generator = SeededGenerator(seed: 1)
        let secret = DirectorySecret(using: &generator)
        var contents = DirectoryContents()
        contents.tenants = [
            Tenant(name: "acme", plan: "only", isSandbox: isSandbox), Tenant(name: "zenith", plan: "only"),
        ]
        func principal(_ owner: Principal.Owner, _ name: String, _ classes: [String], _ attributes: [String] = []) {
            let id = "k_\(name)"
            let key = APIKey(
                id: id, hash: secret.authenticator.hash(of: Credential(for: .live, using: &generator)), created: now,
                revoked: id == revokedKey ? now : nil)
            contents.principals.append(
                Principal(owner: owner, name: name, classes: classes, attributes: attributes, keys: [key]))
        }
        principal(.tenant("acme"), "web", ["interactive"])
        principal(.tenant("acme"), "worker", classesOfWorker, ["workflow"])
        principal(.tenant("zenith"), "other", ["interactive"])
        principal(.platform, "gateway", [])
        let directory = DirectorySnapshot(contents, authenticator: secret.authenticator)
        let outcome = DirectoryBinding.bind(directory, to: policy, hash: KeyedHash(key: (1, 2)))
        guard let binding = outcome.binding else { throw Unusable(what: "\(outcome.diagnostics)") }
        return binding
    }

    /// What `acme/worker` is entitled to.
    var worker: TokenEntitlement {
        TokenEntitlement(
            subject: TokenGrant.Subject(
                tenant: "acme", principal: "worker", clientID: "k_worker", environment: "live"),
            classes: ["repair", "export"], tiers: ["critical", "business", "background"], bestTier: 0,
            mayStateWorkflow: true, policyVersion: binding.policy.version.description)
    }

    /// A token for `acme/worker`.
    func token(_ scope: String = "", at now: WallTime = now) throws -> String {
        try authority.setup.issuer.issue(
            TokenRequest(scope: scope), to: worker, handles: authority.handles, at: now
        ).text
    }

    /// What is wrong with a token; `nil`: it is good.
    func fault(_ token: String, at now: WallTime = now) -> TokenFault? {
        do throws(TokenFault) {
            _ = try authority.verify(token.utf8.span, at: now)
            return nil
        } catch {
            return error
        }
    }

    /// A later moment.
    static func after(seconds: Int64) -> WallTime { WallTime(milliseconds: now.milliseconds + seconds * 1_000) }
}

/// Signs whatever a test wants signed.
struct Forger {
    let key: SigningKey
    let signer: TokenSigner

    init(_ key: SigningKey) async throws {
        self.key = key
        signer = try await key.signer()
    }

    /// A token with this header and these claims, as JSON.
    func token(header: String, claims: String) throws -> String {
        try CompactToken.text(header: Array(header.utf8), payload: Array(claims.utf8)) { try signer.sign($0) }
    }

    /// The header of a good token.
    var header: String { #"{"alg":"\#(key.algorithm.rawValue)","kid":"\#(key.keyID)","typ":"at+jwt"}"# }

    /// The claims of a good token for `acme/worker`; some replaced, and with `nil` left out.
    static func claims(_ changes: [String: String?] = [:]) -> String {
        let second = TokenWorld.now.milliseconds / 1_000
        var claims: [String: String] = [
            "iss": #""https://headgate.example""#, "aud": #""https://api.example""#, "sub": #""acme/worker""#,
            "client_id": #""k_worker""#, "jti": #""one""#, "iat": "\(second)", "exp": "\(second + 300)",
            "hg_tenant": #""acme""#, "hg_principal": #""worker""#, "hg_policy": #""sha256:0""#,
        ]
        for (name, value) in changes { claims[name] = value }
        return "{" + claims.sorted { $0.key < $1.key }.map { #""\#($0.key)":\#($0.value)"# }.joined(separator: ",")
            + "}"
    }
}
