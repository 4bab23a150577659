import CertificateTestSupport
import Foundation
import GRDB
import Ledger
import PostgresTestSupport
import Testing

extension ServerTests {
    /// What goes wrong below a ledger that governs: disks, files, somebody who changes rows, and the way to a database.
    @Suite struct LedgerTrouble {
        private static let password = "correct horse battery staple"
        private static let policy = """
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
              standard: { tenant: { rate: 1000/s, burst: 5000 } }
            """

        /// Begins a ledger as an operator does, and serves by it.
        private func with(
            ledger: String? = nil, in folder: TestFolder, _ body: (Site, ControlCalls) async throws -> Void
        ) async throws {
            let policy = try folder.write(LedgerTrouble.policy, to: "policy.yaml")
            let begun = try await Command.run(
                ["init", "--operator", "ada", "--password-stdin", "--data", folder.file("data"), "--policy", policy]
                    + (ledger.map { ["--ledger", $0] } ?? []), input: LedgerTrouble.password + "\n", in: folder)
            try #require(begun.status == 0, "\(begun.errors)")
            let site = Site(governedIn: folder, ledger: ledger)
            try await withCleanUp {
                try await site.start(["--control", "127.0.0.1:0"])
                let calls = try await ControlCalls(
                    site, initialised: begun.output, operatorName: "ada", password: LedgerTrouble.password)
                try await body(site, calls)
            } cleanUp: {
                _ = await site.stop()
            }
        }

        /// Runs a test on a disk of its own, of so many MiB.
        private func withDisk(
            megabytes: Int, in folder: TestFolder, _ body: () async throws -> Void
        ) async throws {
            let place = folder.file("data")
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
            try await run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m,mode=700", "tmpfs", place, in: folder)
            try await withCleanUp(body) {
                try? await run("umount", "-l", place, in: folder)
            }
        }

        private func run(_ words: String..., in folder: TestFolder) async throws {
            let child = try Child("tool-" + UUID().uuidString, "/usr/bin/env", words, in: folder)
            try await Patience.wait(for: words[0]) { !child.isRunning }
            try #require(child.status == 0, "\(words): \(child.errors)")
        }

        /// Makes tenants until one is refused.
        ///
        /// - Returns: those that were acknowledged, and the refusal.
        private func fill(_ calls: ControlCalls) async throws -> (made: [String], refusal: HTTPResponse) {
            var made: [String] = []
            for number in 0..<2_000 {
                let name = "filler-\(number)"
                let contract = String(repeating: "x", count: 200)
                let answer = try await calls.send(
                    "POST", "/v1/tenants", #"{"name":"\#(name)","plan":"standard","contract":"\#(contract)"}"#)
                guard answer.status == 201 else { return (made, answer) }
                made.append(name)
            }
            throw Site.Failure(what: "was never refused", log: "")
        }

        private func expectTrouble(_ site: Site, _ calls: ControlCalls, _ words: String, key: String) async throws {
            let ready = try await site.readiness()
            #expect(ready.status == 200)
            #expect(ready.body.problems.contains { $0.part == "ledger" && $0.problem.contains(words) })
            let metrics = try await site.metrics()
            #expect(metrics.sum("headgate_ledger_writable") == 0)
            #expect(metrics.sum("headgate_ledger_append_errors_total") > 0)
            try await Patience.wait(for: "the log to tell") {
                site.log.contains("the ledger cannot be written; changes")
            }
            #expect(try await site.check(Check(credential: key, operation: "act")).isAdmitted)
        }

        private func expectHealed(_ site: Site) async throws {
            try await Patience.wait(for: "the ledger to be well") {
                try await site.readiness().body.problems.allSatisfy { $0.part != "ledger" }
            }
            #expect(try await site.metrics().sum("headgate_ledger_writable") == 1)
            try await Patience.wait(for: "the log to tell") { site.log.contains("the ledger can be written again") }
        }

        private func expectSound(_ folder: TestFolder) async throws {
            let verified = try await Command.run(["ledger", "verify", "--data", folder.file("data")], in: folder)
            #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
        }

        @Test(.enabled(if: geteuid() == 0, "mounting a disk takes root"))
        func `a full disk refuses changes and says so, decisions go on, and it heals when there is room`() async throws
        {
            try await TestFolder.with { folder in
                try await withDisk(megabytes: 8, in: folder) {
                    try await with(in: folder) { site, calls in
                        let key = try await calls.makeTenant("acme")
                        let call = Check(credential: key, operation: "act")
                        try await Patience.wait(for: "the key to be known") { try await site.check(call).isAdmitted }
                        let filler = try folder.create("data/filler")
                        while (try? filler.write(contentsOf: Data(count: 4_096))) != nil {}
                        try filler.close()
                        let (made, refusal) = try await fill(calls)
                        #expect(refusal.status == 503 && refusal.text.contains("full"), "\(refusal.text)")
                        try await expectTrouble(site, calls, "full", key: key)
                        try FileManager.default.removeItem(atPath: folder.file("data/filler"))
                        try await expectHealed(site)
                        for name in made + ["acme"] {
                            #expect(try await calls.send("GET", "/v1/tenants/\(name)").status == 200)
                        }
                        let later = try await calls.makeTenant("later")
                        let next = Check(credential: later, operation: "act")
                        try await Patience.wait(for: "the key to be known") { try await site.check(next).isAdmitted }
                        #expect(await site.stop() == 0)
                        try await expectSound(folder)
                    }
                }
            }
        }

        @Test(.enabled(if: geteuid() == 0, "mounting a disk takes root"))
        func `a disk that may only be read does not start, and says why`() async throws {
            try await TestFolder.with { folder in
                try await withDisk(megabytes: 8, in: folder) {
                    try await with(in: folder) { site, _ in #expect(await site.stop() == 0) }
                    try await run("mount", "-o", "remount,ro", folder.file("data"), in: folder)
                    let served = try await Command.run(["serve", "--data", folder.file("data")], in: folder)
                    #expect(served.status == 1)
                    #expect(served.errors.contains("cannot be") && served.errors.contains("data"), "\(served.errors)")
                    try await run("mount", "-o", "remount,rw", folder.file("data"), in: folder)
                    try await expectSound(folder)
                }
            }
        }

        @Test func `a file that is moved away while the server runs refuses changes until it is back`() async throws {
            try await TestFolder.with { folder in
                try await with(in: folder) { site, calls in
                    let key = try await calls.makeTenant("acme")
                    let call = Check(credential: key, operation: "act")
                    try await Patience.wait(for: "the key to be known") { try await site.check(call).isAdmitted }
                    let (file, aside) = (folder.file("data/ledger.sqlite"), folder.file("data/aside"))
                    try FileManager.default.moveItem(atPath: file, toPath: aside)
                    let refused = try await calls.send("POST", "/v1/tenants", #"{"name":"late","plan":"standard"}"#)
                    #expect(refused.status == 503 && refused.text.contains("was removed"), "\(refused.text)")
                    try await expectTrouble(site, calls, "was removed", key: key)
                    try FileManager.default.moveItem(atPath: aside, toPath: file)
                    try await expectHealed(site)
                    #expect(
                        try await calls.send("POST", "/v1/tenants", #"{"name":"late","plan":"standard"}"#).status == 201
                    )
                    #expect(await site.stop() == 0)
                    try await expectSound(folder)
                }
            }
        }

        @Test func `a row that was changed keeps the server from starting, and a changed image only costs time`()
            async throws
        {
            try await TestFolder.with { folder in
                try await with(in: folder) { site, calls in
                    let key = try await calls.makeTenant("acme")
                    #expect(await site.stop() == 0)
                    func change(_ sql: String) throws {
                        let database = try DatabaseQueue(path: folder.file("data/ledger.sqlite"))
                        try database.writeWithoutTransaction { try $0.execute(sql: sql) }
                        try database.close()
                    }
                    try change("UPDATE snapshot SET bytes = zeroblob(length(bytes)) WHERE name = 'registry/0/1'")
                    let found = try await Command.run(["ledger", "verify", "--data", folder.file("data")], in: folder)
                    #expect(found.status == 1 && found.output.contains("changed_projection"), "\(found.output)")
                    try await site.start()
                    #expect(site.log.contains("is not believed"))
                    let call = Check(credential: key, operation: "act")
                    #expect(try await site.check(call).isAdmitted)
                    #expect(await site.stop() == 0)
                    try await expectSound(folder)
                    try change("DELETE FROM snapshot WHERE name = 'registry'")
                    try change(
                        "UPDATE record SET bytes = CAST(replace(bytes, 'acme', 'acne') AS BLOB) WHERE type = 'key.created'"
                    )
                    let served = try await Command.run(["serve", "--data", folder.file("data")], in: folder)
                    #expect(served.status == 1 && served.errors.contains("are not those that were signed"))
                }
            }
        }

        @Test
        func `a ledger beyond TLS and a password governs, and neither the log nor the process list has the password`()
            async throws
        {
            try await TestFolder.with { folder in
                let workshop = Workshop(folder: try folder.folder("certificates").path)
                let (authority, stranger) = (try workshop.authority(), try workshop.authority("stranger"))
                let certificate = try workshop.certificate("server", by: authority)
                try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: certificate.key)
                let (secret, port) = ("s3cretpassw0rd", try #require(try await FreePort.find(1).first))
                let server = try PostgresServer(
                    security: .init(
                        certificate: certificate.certificate, key: certificate.key, password: secret, port: port))
                func address(_ password: String?, authority: String) -> String {
                    "postgres://headgate\(password.map { ":\($0)" } ?? "")@localhost:\(port)/postgres"
                        + "?sslmode=verify-full&sslrootcert=\(authority)"
                }
                func verify(_ address: String, _ environment: [String: String] = [:]) async throws -> Command {
                    try await Command.run(
                        ["ledger", "verify", "--ledger", address], environment: environment, in: folder)
                }
                let file = try folder.write(address(secret, authority: authority.certificate), to: "address")
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
                try await with(ledger: "@" + file, in: folder) { site, calls in
                    let key = try await calls.makeTenant("acme")
                    let call = Check(credential: key, operation: "act")
                    try await Patience.wait(for: "the key to be known") { try await site.check(call).isAdmitted }
                    let words = try String(
                        contentsOfFile: "/proc/\(site.processNumber)/cmdline", encoding: .utf8)
                    #expect(words.contains("@" + file) && !words.contains(secret))
                    let plain = address(nil, authority: authority.certificate)
                    #expect(try await verify(plain, ["PGPASSWORD": secret]).status == 0)
                    for (place, environment, complaint) in [
                        (plain, ["PGPASSWORD": "wrong"], "password authentication failed"),
                        (address(secret, authority: stranger.certificate), [:], "certificate"),
                        (
                            address(secret, authority: authority.certificate).replacing("localhost", with: "127.0.0.2"),
                            [:],
                            "cannot be reached"
                        ),
                    ] {
                        let refused = try await verify(place, environment)
                        #expect(refused.status == 1 && refused.errors.contains(complaint), "\(refused.errors)")
                        #expect(!refused.errors.contains(secret))
                    }
                    try server.stop()
                    try await Patience.wait(for: "the loss to be told") {
                        site.log.contains("the ledger cannot be had")
                    }
                    #expect(await site.stop() == 0)
                    #expect(!site.log.contains(secret))
                }
                try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
                let open = try await verify("@" + file)
                #expect(open.status == 1 && open.errors.contains("is open to others"))
            }
        }
    }
}
