import Foundation
import Testing

extension ServerTests {
    /// Files that change while the server runs, and the signals that it obeys.
    @Suite struct Reloads {
        private static func policy(
            rate: String = "3/day", burst: Int = 5, classes: String = "classes", region: String = "here"
        ) -> String {
            """
            headgate: 1
            name: reloads
            owner: tests
            tiers: [{ name: everything }]
            service: { rate: 100000/s }
            regions: { \(region): { rate: 100000/s } }
            defaults: { class: work }
            \(classes):
              work: { tier: everything, consequence: low, owner: tests }
            operations:
              act: { match: "POST /v1/acts" }
            plans:
              standard:
                tenant: { rate: \(rate), burst: \(burst) }
            """
        }
        private static let directory = """
            headgate-directory: 1
            tenants:
              acme:
                plan: standard
                principals:
                  web: { classes: [work] }
            """

        private func with(_ body: (Site) async throws -> Void) async throws {
            try await Site.with(policy: Reloads.policy(), directory: Reloads.directory) { site in
                try await body(site)
            }
        }

        private func replace(_ path: String, with text: String) throws {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }

        @Test func `a changed policy holds soon, and refills nothing`() async throws {
            try await with { site in
                try await site.start()
                let act = Check(tenant: "acme", operation: "act")
                for _ in 1...5 { #expect(try await site.check(act).isAdmitted) }
                let before = try await site.check(act)
                #expect(before.reason == "tenant_ceiling")
                #expect(try await site.readiness().body.policy == before.policy)

                try replace(site.policy, with: Reloads.policy(rate: "6/day"))
                try await Patience.wait(for: "the new policy") {
                    try await site.readiness().body.policy != before.policy
                }
                let request = HTTPRequest(
                    method: "POST", target: "/v1/check", body: #"{"tenant":"acme","operation":"act"}"#)
                let response = try await HTTPClient(port: site.port).send(request)
                let version = try await site.readiness().body.policy
                #expect(version != before.policy)
                #expect(response["Headgate-Policy"] == version)
                #expect(response["Headgate-Reason"] == "tenant_ceiling")
                #expect(try await site.metrics().sum("headgate_reloads_total", #"result="applied""#) == 1)
            }
        }

        @Test func `a bad policy changes nothing and is told of, and a good one mends it`() async throws {
            try await with { site in
                try await site.start()
                let version = try await site.readiness().body.policy
                try replace(site.policy, with: Reloads.policy(classes: "clases"))
                try await Patience.wait(for: "the bad policy to be noticed") {
                    try await site.readiness().status == 503
                }
                let (_, readiness) = try await site.readiness()
                #expect(!readiness.ready)
                #expect(!readiness.stopping)
                #expect(readiness.policy == version)
                #expect(readiness.problems.map(\.part) == ["policy"])
                let problem = try #require(readiness.problems.first?.problem)
                #expect(problem.contains("policy.yaml:8:1: error:"))
                #expect(problem.contains("clases"))
                #expect(site.log.contains("policy.yaml:8:1: error:"))
                #expect(try await site.check(Check(tenant: "acme", operation: "act")).policy == version)
                #expect(try await site.metrics().sum("headgate_reloads_total", #"result="failed""#) == 1)

                try replace(site.policy, with: Reloads.policy())
                try await Patience.wait(for: "the good policy") { try await site.readiness().status == 200 }
                #expect(try await site.readiness().body.policy == version)
            }
        }

        @Test func `policies that change under load refill nothing and lose no request`() async throws {
            try await Site.with(
                policy: Reloads.policy(rate: "50/s", burst: 100), directory: Reloads.directory
            ) { site in
                try await site.start()
                let act = Check(tenant: "acme", operation: "act")
                let (load, _) = try await Load.with(port: site.port, asking: act) { _ in
                    for round in 1...6 {
                        let version = try await site.readiness().body.policy
                        let text =
                            round % 2 == 0
                            ? Reloads.policy(rate: "50/s", burst: 100) : Reloads.policy(rate: "40/s", burst: 80)
                        try replace(site.policy, with: text)
                        try await Patience.wait(for: "policy \(round)") {
                            try await site.readiness().body.policy != version
                        }
                    }
                }
                #expect(load.failures.isEmpty)
                #expect(load.unanswered == 0)
                #expect(load.policies.count == 2)
                #expect(load.admitted > 100)
                // A unit for each change: what is there is rescaled, and rounded.
                #expect(Double(load.admitted) <= 100 + 50 * load.seconds + 6)
            }
        }

        @Test func `a policy that disappears, or loses the server's region, changes nothing`() async throws {
            try await with { site in
                try await site.start(["--region", "here"])
                let version = try await site.readiness().body.policy
                try FileManager.default.removeItem(atPath: site.policy)
                try await Patience.wait(for: "the loss to be noticed") { try await site.readiness().status == 503 }
                #expect(try await site.readiness().body.problems.first?.problem.contains("there is no file") == true)
                #expect(try await site.check(Check(tenant: "acme", operation: "act")).policy == version)

                try replace(site.policy, with: Reloads.policy(region: "there"))
                try await Patience.wait(for: "the other region to be noticed") {
                    try await site.readiness().body.problems.first?.problem.contains("the regions there") == true
                }
                #expect(try await site.check(Check(tenant: "acme", operation: "act")).policy == version)

                try replace(site.policy, with: Reloads.policy())
                try await Patience.wait(for: "the policy to be back") { try await site.readiness().status == 200 }
            }
        }

        @Test func `a file that joins a folder of policies joins the policy`() async throws {
            try await with { site in
                let folder = try site.folder.folder("policies")
                _ = try folder.write(Reloads.policy(), to: "one.yaml")
                try await site.start(["--policy", folder.path])
                let late = Check(tenant: "acme", operation: "late")
                await #expect(throws: HTTPConnection.Refused.self) { try await site.check(late) }
                _ = try folder.write(#"operations: { late: { match: "POST /v1/late" } }"#, to: "two.yaml")
                try await Patience.wait(for: "the operation") { (try? await site.check(late))?.isAdmitted == true }
            }
        }

        @Test func `a key that is revoked stops working soon, a new one begins to work`() async throws {
            try await with { site in
                let old = try await site.addKey(for: "acme/web")
                try await site.start()
                let check = Check(credential: old, operation: "act")
                #expect(try await site.check(check).isAdmitted)

                let list = try await site.run("directory", "list", "--directory", site.directory)
                let id = String(try #require(list.output.firstMatch(of: /k_[0-9A-Z]+/)).output)
                let revocation = try await site.run("directory", "revoke-key", "--directory", site.directory, id)
                #expect(revocation.status == 0)
                try await Patience.wait(for: "the revocation") {
                    try await site.check(check).reason == "credential_revoked"
                }
                let new = try await site.addKey(for: "acme/web")
                try await Patience.wait(for: "the new key") {
                    try await site.check(Check(credential: new, operation: "act")).reason != "unknown_credential"
                }
                #expect(try await site.check(Check(credential: new, operation: "act")).principal == "web")
                #expect(try await site.check(check).reason == "credential_revoked")
            }
        }

        @Test func `a bad directory changes nothing and is told of, and a good one mends it`() async throws {
            try await with { site in
                let key = try await site.addKey(for: "acme/web")
                try await site.start()
                let good = try String(contentsOfFile: site.directory, encoding: .utf8)
                try replace(site.directory, with: good.replacing("plan: standard", with: "plan: gold"))
                try await Patience.wait(for: "the bad directory to be noticed") {
                    try await site.readiness().status == 503
                }
                let (_, readiness) = try await site.readiness()
                #expect(readiness.problems.map(\.part) == ["directory"])
                let problem = try #require(readiness.problems.first?.problem)
                #expect(problem.contains("directory.yaml:4:"))
                #expect(problem.contains("gold"))
                #expect(try await site.check(Check(credential: key, operation: "act")).isAdmitted)

                try replace(site.directory, with: good)
                try await Patience.wait(for: "the good directory") { try await site.readiness().status == 200 }
                #expect(try await site.check(Check(credential: key, operation: "act")).isAdmitted)
            }
        }

        @Test func `only what changed is read again, and both hold together`() async throws {
            try await with { site in
                let old = try await site.addKey(for: "acme/web")
                try await site.start()
                let version = try await site.readiness().body.policy
                try replace(site.policy, with: Reloads.policy(rate: "6/day"))
                try await Patience.wait(for: "the policy") { try await site.readiness().body.policy != version }
                #expect(try await site.check(Check(credential: old, operation: "act")).principal == "web")
                try await Patience.wait(for: "the log") { site.log.contains(" read=policy ") }
                #expect(!site.log.contains(" read=directory "))

                let new = try await site.addKey(for: "acme/web")
                try await Patience.wait(for: "the new key") {
                    try await site.check(Check(credential: new, operation: "act")).principal == "web"
                }
                let last = try await site.readiness().body.policy
                #expect(last != version)
                try await Patience.wait(for: "the log") { site.log.contains(" read=directory ") }
                site.send(SIGHUP)
                try await Patience.wait(for: "the log") { site.log.contains(" read=policy,directory ") }
                #expect(try await site.check(Check(credential: new, operation: "act")).policy == last)
            }
        }

        @Test func `a policy that changes beside a bad directory waits until that is mended`() async throws {
            try await with { site in
                try await site.start()
                let version = try await site.readiness().body.policy
                try replace(site.directory, with: Reloads.directory.replacing("plan: standard", with: "plan: gold"))
                try await Patience.wait(for: "the bad directory to be noticed") {
                    try await site.readiness().status == 503
                }
                try replace(site.policy, with: Reloads.policy(rate: "6/day"))
                try await Patience.wait(for: "another attempt") {
                    try await site.metrics().sum("headgate_reloads_total", #"result="failed""#) == 2
                }
                #expect(try await site.readiness().body.policy == version)
                #expect(try await site.readiness().body.problems.map(\.part) == ["directory"])
                try replace(site.directory, with: Reloads.directory)
                try await Patience.wait(for: "the good directory") { try await site.readiness().status == 200 }
                #expect(try await site.readiness().body.policy != version)
            }
        }

        @Test func `SIGHUP reads the files again even if they look the same`() async throws {
            try await with { site in
                try await site.start()
                #expect(try await site.metrics().sum("headgate_reloads_total") == 0)
                site.send(SIGHUP)
                try await Patience.wait(for: "the reload") {
                    try await site.metrics().sum("headgate_reloads_total", #"result="applied""#) == 1
                }
                #expect(site.isRunning)
            }
        }

        @Test(arguments: [SIGTERM, SIGINT])
        func `a server that is told to stop finishes what it is at and takes on nothing new`(
            signal: Int32
        ) async throws {
            try await with { site in
                try await site.start()
                try await HTTPConnection.with(port: site.port) { connection in
                    let check = HTTPRequest(
                        method: "POST", target: "/v1/check", body: #"{"tenant":"acme","operation":"act"}"#)
                    let half = check.bytes.count - 10
                    // One write, so that with the first answer the server has half of the second request as well.
                    try await connection.write(HTTPRequest(target: "/healthz").bytes + check.bytes[..<half])
                    #expect(try await connection.read().status == 200)
                    site.send(signal)
                    let port = site.port
                    try await Patience.wait(for: "the port to close") { await !FreePort.isOpen(port) }
                    #expect(site.isRunning)
                    try await connection.write(check.bytes[half...])
                    let response = try await connection.read()
                    #expect(response.status == 200)
                    #expect(response["Headgate-Reason"] == "borrowed")
                    #expect(response["Connection"] == "close")
                    #expect(try await connection.readIfAny() == nil)
                }
                #expect(try await site.waitForEnd() == 0)
                #expect(site.log.contains("headgate has stopped"))
            }
        }
    }
}
