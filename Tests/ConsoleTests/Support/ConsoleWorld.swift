@testable import Access
import Directory
import Foundation
import Governance
import Journal
import Ledger
import Policy
import Synchronization
import Testing
import Vocabulary

@testable import Console

/// A running control API on a real ledger in a temporary folder, and a clock that tests turn.
final class ConsoleWorld: Sendable {
    /// What answers.
    let desk: Desk
    /// The listener.
    let server: ControlServer
    /// Where it listens.
    let port: Int
    /// What the desk has told the log.
    let log: LogCollector
    /// What tenants use.
    let use: ConsoleUse
    private let ledger: LedgerWriter
    private let folder: String
    private let clock: ConsoleClock
    private let running: Task<Void, any Error>
    private let chance = Seeded()
    private let phones = Mutex<[String: CodeSecret]>([:])

    /// An operator for each role, by the role's name, and `everybody` with all roles that are held for all.
    init() async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/console-\(UUID().uuidString)"
        let clock = ConsoleClock()
        let ledger = try LedgerFolder(path: folder).open(origin: "test") { clock.now }
        let fixed = try PolicyText.compile([PolicyText(name: "policy.yaml", text: ConsoleWorld.policyText)]).get()
        let governor = try Governor(ledger: ledger, fixedPolicy: fixed) { clock.now }
        var generator = chance.generator
        let secret = DirectorySecret(using: &generator)
        log = LogCollector()
        let use = try ConsoleUse(folder: folder + "/data", clock: clock)
        desk = Desk(
            governor: governor, ledger: ledger, vault: OperatorVault(ledger.store, secret: secret),
            authenticator: secret.authenticator, usage: use.book, log: log.logger
        ) { clock.now }
        let (ports, told) = AsyncStream<Int>.makeStream()
        let server = try ControlServer(desk, host: "127.0.0.1", port: 0) { told.yield($0) }
        running = Task {
            defer { told.finish() }
            try await server.run()
        }
        self.server = server
        port = try #require(await ports.first { _ in true })
        (self.folder, self.clock, self.ledger, self.use) = (folder, clock, ledger, use)
        try await populate(governor)
    }

    private func populate(_ governor: Governor) async throws {
        let root = Authority(
            try #require(OperatorName("root")),
            grants: Set(Role.allCases.filter { !$0.isBoundToTenants }.compactMap { RoleGrant($0) }))
        for tenant in ["acme", "globex"] {
            try await governor.execute(.createTenant(tenant, TenantFacts(plan: "starter", segment: "small")), by: root)
        }
        for role in Role.allCases {
            let held = OperatorFacts.HeldRole(role: role.rawValue, tenants: role.isBoundToTenants ? ["acme"] : nil)
            try await governor.execute(.stateOperator(role.rawValue, OperatorFacts(roles: [held])), by: root)
        }
        let all = Role.allCases.filter { !$0.isBoundToTenants }.map { OperatorFacts.HeldRole(role: $0.rawValue) }
        for name in ["everybody", "somebody"] {
            try await governor.execute(.stateOperator(name, OperatorFacts(roles: all)), by: root)
        }
    }

    /// Stops the listener and removes the ledger.
    func end() async {
        await server.stop()
        _ = await running.result
        use.end()
        ledger.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Runs a test in a world, and ends that.
    static func with(_ body: (ConsoleWorld) async throws -> Void) async throws {
        let world = try await ConsoleWorld()
        do {
            try await body(world)
        } catch {
            await world.end()
            throw error
        }
        await world.end()
    }

    /// Now.
    var now: WallTime { clock.now }

    /// Lets time go on by itself: a millisecond with each look at the clock.
    func letTimeRun() { clock.run() }

    /// Lets time pass.
    func pass(seconds: Int64) { clock.pass(milliseconds: seconds * 1_000) }

    /// A session of an operator, as if just signed in.
    func session(of name: String) throws -> SessionToken {
        let name = try #require(OperatorName(name))
        let entry = try #require(desk.governor.read { $0.operators[name.text] })
        var generator = chance.generator
        let signedIn = SignedIn(
            name, generation: CredentialGeneration(entry.credentialGeneration), method: .passwordAndCode, at: now)
        return try #require(desk.sessions.begin(for: signedIn, address: "127.0.0.1", using: &generator)).token
    }

    /// A client that acts for an operator.
    func client(of name: String) throws -> ControlClient {
        ControlClient(port: port, bearer: try session(of: name).text)
    }

    /// A client for whom nobody has signed in.
    var stranger: ControlClient { ControlClient(port: port, bearer: nil) }

    /// Gives an operator a password and a phone, beside the API.
    ///
    /// - Returns: recovery codes.
    @discardableResult
    func enrol(
        _ name: String, password text: String = ConsoleWorld.password, withPhone: Bool = true
    ) async throws -> [String] {
        var generator = chance.generator
        let password = try #require(Password(text))
        let cost = try #require(ScryptCost(rounds: 10, blockSize: 8, parallelism: 1))
        let code = CodeSecret(using: &generator)
        let (texts, recovery) = RecoveryCodes.draw(using: &generator)
        let secrets = OperatorSecrets(
            password: try PasswordHash(of: password, cost: cost, using: &generator), code: withPhone ? code : nil,
            recovery: recovery)
        let mark = OperatorSecrets.drawMark(using: &generator)
        let operatorName = try #require(OperatorName(name))
        try desk.vault.save(secrets, of: operatorName, mark: mark)
        try await desk.governor.execute(
            .changeCredentials(operatorName: name, CredentialFacts(what: .enrolled, mark: mark)),
            by: Authority(operatorName, grants: []))
        phones.withLock { $0[name] = code }
        return texts
    }

    /// What an operator's phone shows in the next half minute, which begins with that.
    func code(of name: String) throws -> String { code(of: try #require(phones.withLock { $0[name] })) }

    /// The same of any phone.
    func code(of secret: CodeSecret) -> String {
        pass(seconds: OneTimeCode.stepSeconds)
        return OneTimeCode.code(secret: secret.bytes, counter: UInt64(OneTimeCode.step(at: now)))
    }

    /// Calls, and confirms with a one-time code what has to be confirmed.
    func confirmed(
        _ client: ControlClient, of name: String, _ method: String, _ path: String, _ body: String,
        fields: [String: String] = [:]
    ) async throws -> ControlAnswer {
        let asked = try await client.call(method, path, body, fields: fields)
        try #require(asked.code == "proof_needed", "\(asked.body)")
        let challenge = try #require((asked.members["challenge"] as? [String: Any])?["id"] as? String)
        let given = try await client.call(
            "POST", "/v1/proofs", #"{"challenge": "\#(challenge)", "confirmation": "\#(try code(of: name))"}"#)
        let proof = try #require(given.text("proof"), "\(given.body)")
        return try await client.call(
            method, path, body, fields: fields.merging(["Headgate-Proof": proof]) { first, _ in first })
    }

    /// A password for everybody.
    static let password = "four unusual words here"

    /// Issues a token to an operator, beside the API.
    func token(of name: String, scopes: Set<TokenScope>) async throws -> ControlClient {
        let name = try #require(OperatorName(name))
        let grants = desk.governor.read { $0.operators[name.text]?.grants ?? [] }
        var generator = chance.generator
        let request = TokenRequest(label: "test", scopes: scopes, lifetimeMilliseconds: 86_400_000)
        let (token, grant) = request.issue(for: name, at: now, using: &generator)
        try await desk.governor.execute(
            .issueToken(operatorName: name.text, TokenFacts(grant)), by: Authority(name, grants: grants))
        return ControlClient(port: port, bearer: token.text)
    }

    /// A policy with two plans.
    static let policyText = """
        headgate: 1
        name: p
        owner: o
        tiers: [ { name: critical }, { name: rest } ]
        classes:
          export: { tier: rest, consequence: low, owner: o }
          web: { tier: critical, consequence: low, owner: o }
        defaults: { class: web }
        operations:
          search: { match: "GET /search" }
        plans:
          starter:
            tenant: { rate: 10/s, burst: 20 }
          growth:
            tenant: { rate: 300/s, burst: 600 }
        """
}

/// A clock that stands still until it is turned.
final class ConsoleClock: Sendable {
    private let time = Mutex((now: WallTime(milliseconds: 1_795_651_200_000), stride: Int64(0)))

    /// What it shows.
    var now: WallTime {
        time.withLock { time in
            time.now.milliseconds += time.stride
            return time.now
        }
    }

    /// Turns it.
    func pass(milliseconds: Int64) { time.withLock { $0.now.milliseconds += milliseconds } }

    /// Lets it go on with each look.
    func run() { time.withLock { $0.stride = 1 } }
}
