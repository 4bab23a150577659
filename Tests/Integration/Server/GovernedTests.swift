import Access
import Directory
import Foundation
import Governance
import Ledger
import PostgresLedger
import PostgresTestSupport
import Testing
import Vocabulary

extension ServerTests {
    /// Servers that a ledger governs: what is changed there holds here.
    @Suite struct Governing {
        static let policy = """
            headgate: 1
            name: governed
            owner: tests
            tiers: [{ name: everything }]
            defaults: { class: work }
            classes:
              work: { tier: everything, consequence: low, owner: tests }
            operations:
              act: { match: "POST /v1/acts" }
            plans:
              standard: { tenant: { rate: 3/day, burst: 5 } }
              large: { tenant: { rate: 3000/day, burst: 500 } }
            """

        /// Begins a ledger as an operator does.
        ///
        /// - Returns: what the command printed, with the operator's recovery codes.
        @discardableResult
        func begin(
            in folder: TestFolder, data: String, ledger: String? = nil, policy text: String = Governing.policy
        ) async throws -> String {
            let policy = try folder.write(text, to: "policy.yaml")
            let arguments =
                ["init", "--operator", "ada", "--password-stdin", "--data", folder.file(data), "--policy", policy]
                + (ledger.map { ["--ledger", $0] } ?? [])
            let command = try await Command.run(arguments, input: "correct horse battery staple\n", in: folder)
            try #require(command.status == 0, "\(command.errors)")
            #expect(command.output.contains("ada is its platform admin"))
            return command.output
        }

        /// Another process on the same ledger, with the right to everything.
        final class Neighbour {
            let ledger: LedgerWriter
            let governor: Governor
            private let secret: DirectorySecret

            init(data: String, address: String? = nil) throws {
                ledger = try LedgerLocation(data: data, address: address).open { Neighbour.now }
                governor = try Governor(ledger: ledger) { Neighbour.now }
                secret = try SecretFile(path: data + "/keys.secret").readOrCreate()
            }

            static var now: WallTime { WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) }

            func run(_ command: GovernanceCommand, as name: String = "bob") async throws {
                let authority = Authority(
                    try #require(OperatorName(name)), grants: Set(Role.allCases.compactMap { RoleGrant($0) }))
                _ = try await governor.execute(command, by: authority)
            }

            /// Makes a tenant with a principal, and gives its key.
            func makeTenant(_ name: String, key id: String) async throws -> String {
                try await run(.createTenant(name, TenantFacts(plan: "standard")))
                try await run(.statePrincipal(.tenant(name), PrincipalFacts(name: "web", classes: ["work"])))
                var chance = SystemRandomNumberGenerator()
                let credential = Credential(for: .live, using: &chance)
                let hash = secret.authenticator.hash(of: credential).description
                try await run(.issueKey(.tenant(name), KeyFacts(id: id, principal: "web", hash: hash), overlap: nil))
                return credential.text
            }
        }

        private func wait(_ site: Site, _ credential: String, until reason: String) async throws {
            let call = Check(credential: credential, operation: "act")
            try await Patience.wait(for: "\(reason) at \(site.data)") { try await site.check(call).reason == reason }
        }

        @Test func `what another process changes in the ledger holds in the server, and after its next start`()
            async throws
        {
            try await TestFolder.with { folder in
                try await begin(in: folder, data: "data")
                let site = Site(governedIn: folder)
                try await withCleanUp {
                    try await site.start()
                    let neighbour = try Neighbour(data: site.data)
                    defer { neighbour.ledger.close() }
                    let key = try await neighbour.makeTenant("acme", key: "k_1")
                    let call = Check(credential: key, operation: "act")
                    try await Patience.wait(for: "the key to be known") { try await site.check(call).isAdmitted }
                    for _ in 0..<4 { _ = try await site.check(call) }
                    try await wait(site, key, until: "tenant_ceiling")
                    // A trial of a larger plan, for half an hour from now on.
                    let now = Neighbour.now
                    try await neighbour.run(
                        .assignPlan(
                            tenant: "acme",
                            AssignmentFacts(
                                plan: "large", from: EventTime(now),
                                until: EventTime(WallTime(milliseconds: now.milliseconds + 1_800_000)), trial: true)))
                    try await Patience.wait(for: "the trial to hold") {
                        try await site.check(call).limit == 500
                    }
                    try await neighbour.run(.revokeKey(id: "k_1", reason: "a test"))
                    try await wait(site, key, until: "credential_revoked")
                    // Another tenant deviates from its plan.
                    let deviating = Check(
                        credential: try await neighbour.makeTenant("globex", key: "k_2"), operation: "act")
                    try await neighbour.run(
                        .proposeGrant(
                            tenant: "globex",
                            GrantFacts(
                                id: "g1", kind: "exemption",
                                adjustments: [AdjustmentFacts(target: "tenant", factor: 2_000)],
                                from: EventTime(now),
                                until: EventTime(WallTime(milliseconds: now.milliseconds + 86_400_000)),
                                reason: "a move")))
                    try await neighbour.run(
                        .decideGrant(tenant: "globex", id: "g1", isApproved: true, reason: nil), as: "cleo")
                    try await Patience.wait(for: "the grant to hold") { try await site.check(deviating).limit == 10 }
                    #expect(await site.stop() == 0)
                    try await site.start()
                    try await wait(site, key, until: "credential_revoked")
                    #expect(try await site.check(deviating).limit == 10)
                    #expect(try await site.metrics().sum("headgate_ledger_waiting_records") == 0)
                } cleanUp: {
                    _ = await site.stop()
                }
            }
        }

        @Test func `two servers on one PostgreSQL agree, decide without it, and take up what comes after`() async throws
        {
            try await TestFolder.with { folder in
                let server = try PostgresServer()
                let address = server.address()
                try await begin(in: folder, data: "one", ledger: address)
                let files = FileManager.default
                try files.createDirectory(
                    atPath: folder.file("two"), withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700])
                for name in ["ledger.key", "ledger.vkey", "keys.secret"] {
                    try files.copyItem(atPath: folder.file("one/\(name)"), toPath: folder.file("two/\(name)"))
                }
                let sites = ["one", "two"].map { Site(governedIn: folder, data: $0, ledger: address) }
                try await withCleanUp {
                    for site in sites { try await site.start() }
                    let neighbour = try Neighbour(data: folder.file("one"), address: address)
                    defer { neighbour.ledger.close() }
                    let key = try await neighbour.makeTenant("acme", key: "k_1")
                    let call = Check(credential: key, operation: "act")
                    for site in sites {
                        try await Patience.wait(for: "the key to be known") { try await site.check(call).isAdmitted }
                    }
                    try server.stop()
                    for site in sites {
                        try await Patience.wait(for: "the loss to be told") {
                            try await site.metrics().sum("headgate_ledger_reachable") == 0
                        }
                        let ready = try await site.readiness()
                        #expect(ready.status == 200)
                        #expect(ready.body.problems.contains { $0.part == "ledger" })
                        #expect(try await site.check(call).reason != "unknown_credential")
                    }
                    try server.start()
                    try await Patience.wait(for: "the ledger to be had again") {
                        (try? await neighbour.run(.revokeKey(id: "k_1", reason: "a test"))) != nil
                    }
                    for site in sites {
                        try await wait(site, key, until: "credential_revoked")
                        try await Patience.wait(for: "the ledger to be well") {
                            try await site.readiness().body.problems.isEmpty
                        }
                    }
                } cleanUp: {
                    for site in sites { _ = await site.stop() }
                }
            }
        }

        @Test func `a key that an operator makes through the control API opens the data plane beside it`() async throws
        {
            try await TestFolder.with { folder in
                let printed = try await begin(in: folder, data: "data")
                let code = try #require(printed.firstMatch(of: /[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/)).0
                let site = Site(governedIn: folder)
                try await withCleanUp {
                    try await site.start(["--control", "127.0.0.1:0"])
                    try await Patience.wait(for: "the control API") { site.log.contains("the control API listens") }
                    let place = try #require(site.log.firstMatch(of: /control API listens on http:\/\/[^\s]+:([0-9]+)/))
                    let control = HTTPClient(port: try #require(Int(place.1)))
                    func send(_ method: String, _ path: String, _ body: String, as token: String?) async throws
                        -> HTTPResponse
                    {
                        try await control.send(
                            HTTPRequest(
                                method: method, target: path,
                                fields: [(name: "Content-Type", value: "application/json")]
                                    + (token.map { [(name: "Authorization", value: "Bearer \($0)")] } ?? []), body: body
                            ))
                    }
                    let signIn =
                        #"{"operator":"ada","password":"correct horse battery staple","bearer":true,"code":"\#(code)"}"#
                    let session = try await send("POST", "/v1/sessions", signIn, as: nil)
                    #expect(session.status == 201)
                    let token = try #require(session.text.firstMatch(of: /"token": ?"([^"]+)"/)).1
                    #expect(try await send("POST", "/v1/sessions", signIn, as: nil).status == 401)
                    #expect(
                        try await send("POST", "/v1/tenants", #"{"name":"acme","plan":"standard"}"#, as: nil).status
                            == 401)
                    for (method, path, body) in [
                        ("POST", "/v1/tenants", #"{"name":"acme","plan":"standard"}"#),
                        ("PUT", "/v1/tenants/acme/principals/web", #"{"classes":["work"]}"#),
                    ] {
                        let made = try await send(method, path, body, as: String(token))
                        #expect([200, 201].contains(made.status), "\(path): \(made.text)")
                    }
                    let issued = try await send(
                        "POST", "/v1/tenants/acme/principals/web/keys", "{}", as: String(token))
                    let key = try #require(issued.text.firstMatch(of: /hg_live_[0-9A-Z]+/)).0
                    let call = Check(credential: String(key), operation: "act")
                    try await Patience.wait(for: "the key to be known") { try await site.check(call).isAdmitted }
                    #expect(await site.stop() == 0)
                    #expect(!site.log.contains("hg_live_") && !site.log.contains("correct horse"))
                } cleanUp: {
                    _ = await site.stop()
                }
            }
        }

        @Test func `a folder that has no ledger, or two places that say who is known, do not start`() async throws {
            try await TestFolder.with { folder in
                let none = try await Command.run(["serve", "--data", folder.file("none")], in: folder)
                #expect(none.status == 64 && none.errors.contains("there is no ledger"))
                try await begin(in: folder, data: "data")
                let again = try await Command.run(
                    ["init", "--operator", "eve", "--password-stdin", "--data", folder.file("data")],
                    input: "another long password of mine\n", in: folder)
                #expect(again.status == 1 && again.errors.contains("has operators already"))
                let both = try await Command.run(
                    ["serve", "--data", folder.file("data"), "--directory", "directory.yaml"], in: folder)
                #expect(both.status == 64 && both.errors.contains("leave --directory out"))
                let weak = try await Command.run(
                    ["init", "--operator", "eve", "--password-stdin", "--data", folder.file("weak")],
                    input: "password\n",
                    in: folder)
                #expect(weak.status == 1 && weak.errors.contains("the password"))
                #expect(!FileManager.default.fileExists(atPath: folder.file("weak/ledger.sqlite")))
            }
        }
    }
}
