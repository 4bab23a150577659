import CertificateTestSupport
import ArgumentParser
import Console
import Foundation
import Testing

@testable import headgate

extension ServerTests {
    /// The commands of the control API, as operators use them.
    @Suite struct ControlCommands {
        /// Calls for which there is no command, and why.
        private static let callsWithoutCommand = [
            "health": "whether the server runs is for whoever restarts it",
            "document": "`headgate api openapi` prints it without a server",
        ]

        private static func callers(_ command: any ParsableCommand.Type) -> [any ControlCaller.Type] {
            let own = (command as? any ControlCaller.Type).map { [$0] } ?? []
            return own + command.configuration.subcommands.flatMap(callers)
        }

        @Test func `every call of the control API is made by some command`() {
            let callers = ControlCommands.callers(HeadgateCommand.self) + [ControlAPI.self]
            let made = Set(callers.flatMap { $0.calls })
            let known = Set(ControlRoute.all.map(\.id))
            #expect(made.subtracting(known).sorted() == [], "commands make calls that there are not")
            let missing = known.subtracting(made).subtracting(ControlCommands.callsWithoutCommand.keys)
            #expect(missing.sorted() == [], "write a command, or say above why there is none")
            #expect(Set(ControlCommands.callsWithoutCommand.keys).intersection(made).sorted() == [])
        }

        @Test func `an operator signs in, is who they are, and signs out`() async throws {
            try await ControlCommandLine.with { control in
                let me = try await control.json("whoami")
                #expect(me["operator"] as? String == "bob")
                let mode = try FileManager.default.attributesOfItem(atPath: control.sessions(of: "bob"))
                #expect((mode[.posixPermissions] as? Int).map { $0 & 0o777 } == 0o600)
                let list = try await control.run("session", "list")
                #expect(list.status == 0 && list.output.hasPrefix("ID"))

                let wrong = try await control.run(
                    "sign-in", "--operator", "bob", "--password-stdin", input: "not the password of bob\n")
                #expect(wrong.status == 1)
                #expect(wrong.errors.contains("error: name, password or code are wrong"))
                #expect(try await control.run("whoami").status == 0)

                let other = try await control.signIn("bob", settings: "bobs-other-machine")
                #expect(other.status == 0, "\(other.errors)")
                let mine = try await control.json("session", "list", "--all")
                let id = try #require(mine["id"] as? String)
                #expect(try await control.run("session", "end", id, as: "bobs-other-machine").status == 0)

                let out = try await control.run("sign-out", as: "bobs-other-machine")
                #expect(out.status == 0 && out.errors.contains("bob is signed out"))
                let nobody = try await control.run("whoami", as: "bobs-other-machine")
                #expect(nobody.status == 1)
                #expect(nobody.errors.contains("nobody has signed in at \(control.address)"))
                #expect(nobody.errors.contains("help: headgate sign-in --server \(control.address)"))
            }
        }

        @Test func `sessions that others can read are not used`() async throws {
            try await ControlCommandLine.with { control in
                _ = try await control.json("whoami")
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o644], ofItemAtPath: control.sessions(of: "bob"))
                let refused = try await control.run("whoami")
                #expect(refused.status == 1 && refused.errors.contains("is open to others; chmod 600"))
            }
        }

        @Test func `a tenant gets a key that opens the data plane, and another plan for a while`() async throws {
            try await ControlCommandLine.with { control in
                let made = try await control.json(
                    "tenant", "create", "acme", "--plan", "standard", "--segment", "retail", "--contract", "C-1")
                #expect(made["name"] as? String == "acme" && made["contract"] as? String == "C-1")
                let twice = try await control.run("tenant", "create", "acme", "--plan", "standard")
                #expect(twice.status == 1 && twice.errors.hasPrefix("error: name: "))
                let unknown = try await control.run("tenant", "create", "globex", "--plan", "standart")
                #expect(unknown.errors.contains("help: did you mean `standard`?"))

                let changed = try await control.json("tenant", "change", "acme", "--segment", "", "--sandbox")
                #expect(changed["segment"] == nil && changed["sandbox"] as? Bool == true)
                #expect(changed["contract"] as? String == "C-1")
                _ = try await control.json("tenant", "change", "acme", "--no-sandbox")

                let principal = try await control.json(
                    "principal", "set", "acme/web", "--class", "work", "--description", "the shop")
                #expect(principal["summary"] as? String == "the shop")
                #expect(try await control.json("principal", "list", "acme")["name"] as? String == "web")
                #expect(try await control.json("principal", "set", "platform/edge")["owner"] as? String == "platform")
                let issued = try await control.run("key", "issue", "acme/web", "--expires", "30d")
                #expect(issued.status == 0 && issued.errors.contains("it is not shown again"))
                let key = issued.output.trimmingCharacters(in: .whitespacesAndNewlines)
                #expect(key.hasPrefix("hg_live_"))
                let call = Check(credential: key, operation: "act")
                try await Patience.wait(for: "the key to be known") {
                    try await control.control.site.check(call).isAdmitted
                }

                let old = try #require(try await control.json("key", "list", "acme")["id"] as? String)
                let rotated = try await control.json("key", "rotate", "acme/web", old, "--overlap", "1h")
                let new = try #require(rotated["id"] as? String)
                let revoked = try await control.json("key", "revoke", "acme", new, "--reason", "a test")
                #expect(revoked["status"] as? String == "revoked")
                #expect(try await control.json("key", "list", "acme", "--status", "revoked")["id"] as? String == new)
                let shown = try await control.run("principal", "show", "acme/web")
                #expect(shown.output.contains("summary     the shop\n"), "\(shown.output)")
                #expect(try await control.run("principal", "remove", "platform/edge").status == 0)

                let trial = try await control.json("plan", "assign", "acme", "large", "--until", "7d", "--trial")
                #expect((trial["entitlement"] as? [String: Any])?["is_trial"] as? Bool == true)
                let list = try await control.run("tenant", "list", "--plan", "large")
                #expect(list.output.contains(/^NAME +PLAN +TRIAL/) && list.output.contains(/\nacme +large +yes/))
                #expect(list.output.contains("s ago)"))
                #expect(try await control.json("tenant", "show", "acme")["version"] as? Int != nil)
            }
        }

        @Test func `what one operator asks for, another one decides`() async throws {
            try await ControlCommandLine.with { control in
                _ = try await control.json("tenant", "create", "acme", "--plan", "standard")
                for (id, adjustment) in [("g1", "class/work=1.5x"), ("g2", "tenant=1.5x")] {
                    let asked = try await control.json(
                        "exemption", "propose", "acme", "--adjust", adjustment, "--until", "7d", "--reason",
                        "they move their archive", "--id", id)
                    #expect(asked["state"] as? String == "open")
                }
                try await control.admit("carol")
                let own = try await control.run(["exemption", "approve", "acme", "g1"], confirmingAs: "bob")
                #expect(own.status == 1 && own.errors.contains("somebody else has to approve it"))
                let asked = try await control.run("exemption", "approve", "acme", "g1", as: "carol")
                #expect(
                    asked.status == 1 && asked.errors.contains("To be confirmed: Approve what somebody else asks for."))
                #expect(asked.errors.contains("POST /v1/tenants/acme/grants/g1/approval {}"))
                #expect(asked.errors.contains("there is no terminal to ask at"))
                let wrong = try await control.run(
                    "exemption", "approve", "acme", "g1", "--code-stdin", as: "carol", input: "123456\n")
                #expect(wrong.status == 1 && wrong.errors.contains("error: this confirms nothing"))
                let approved = try await control.json("exemption", "approve", "acme", "g1", confirmingAs: "carol")
                #expect(approved["decider"] as? String == "operator/carol" && approved["holds"] as? Bool == true)
                let rejected = try await control.json(
                    "exemption", "reject", "acme", "g2", "--reason", "too much", confirmingAs: "dave")
                #expect(rejected["state"] as? String == "rejected")
                let list = try await control.run("exemption", "list", "acme")
                #expect(list.output.contains(#/g1 +exemption +approved +yes +class/work ×1.5 /#), "\(list.output)")
                #expect(try await control.json("plan", "excess")["tenant"] as? String == "acme")
                let ended = try await control.json(
                    "exemption", "end", "acme", "g1", "--reason", "they are done", confirmingAs: "erin")
                #expect(ended["holds"] as? Bool == false)
                #expect(try await control.json("exemption", "show", "acme", "g1")["id"] as? String == "g1")
            }
        }

        @Test func `a policy is proposed, compared, approved by another, published and rolled back`() async throws {
            try await ControlCommandLine.with { control in
                let text = ControlCommandLine.policy.replacing("rate: 300/day", with: "rate: 600/day")
                let file = try control.folder.write(text, to: "next.yaml")
                let bad = try control.folder.write(text.replacing("owner: tests\n", with: ""), to: "bad.yaml")
                let refused = try await control.run("policy", "propose", bad, "--reason", "none")
                #expect(refused.status == 1 && refused.errors.contains("bad.yaml:1:"))
                let before = try #require(try await control.json("policy", "show")["id"] as? String)
                let proposed = try await control.json("policy", "propose", file, "--reason", "they grow")
                let id = try #require(proposed["id"] as? String)
                let compared = try await control.run("policy", "compare", id)
                #expect(compared.status == 0 && compared.output.contains("standard"), "\(compared.errors)")
                let own = try await control.run(["policy", "approve", id], confirmingAs: "bob")
                #expect(own.status == 1 && own.errors.contains("somebody else has to approve it"))
                _ = try await control.json("policy", "approve", id, confirmingAs: "carol")
                let later = try await control.json("policy", "schedule", id, "--at", "30d")
                #expect(later["state"] as? String == "scheduled")
                #expect(try await control.json("policy", "publish", id)["in_force"] as? Bool == true)
                let list = try await control.run("policy", "proposals")
                let inForce = try Regex("\(id) +published +yes")
                #expect(list.output.contains(inForce), "\(list.output)")
                #expect(try await control.run("policy", "show", "--documents").output == text)
                let back = try await control.json(
                    "policy", "roll-back", before, "--reason", "too early", confirmingAs: "dave")
                #expect(back["in_force"] as? Bool == true)
                let other = try await control.json("policy", "propose", file, "--reason", "again")
                let withdrawn = try await control.json(
                    "policy", "withdraw", try #require(other["id"] as? String), "--reason", "not now")
                #expect(withdrawn["state"] as? String == "rejected")
            }
        }

        @Test func `operators, tokens and the record of all of it`() async throws {
            try await ControlCommandLine.with { control in
                _ = try await control.json("tenant", "create", "acme", "--plan", "standard")
                let director = try await control.json(
                    "operator", "set", "dan", "--role", "account-director:acme", confirmingAs: "bob")
                #expect((director["roles"] as? [[String: Any]])?.first?["tenants"] as? [String] == ["acme"])
                #expect(
                    try await control.json("operator", "disable", "dan", confirmingAs: "carol")["disabled"] as? Bool
                        == true)
                #expect(
                    try await control.json("operator", "enable", "dan", confirmingAs: "dave")["disabled"] as? Bool
                        == false)
                let list = try await control.run("operator", "list")
                #expect(list.output.contains(/dan +account-director \(tenants acme\) +no/), "\(list.output)")
                #expect(try await control.json("operator", "show", "dan")["name"] as? String == "dan")

                let issued = try await control.run(
                    ["token", "issue", "--label", "pipeline", "--scope", "tenants", "--lifetime", "2h"],
                    confirmingAs: "erin")
                try #require(issued.status == 0, "\(issued.errors)")
                let token = issued.output.trimmingCharacters(in: .whitespacesAndNewlines)
                func act(_ arguments: String...) async throws -> Command {
                    try await Command.run(
                        arguments,
                        environment: control.environment(of: "nobody").merging(["HEADGATE_TOKEN": token]) { $1 },
                        in: control.folder)
                }
                #expect(try await act("tenant", "show", "acme").status == 0)
                let beyond = try await act("operator", "list")
                #expect(beyond.status == 1 && beyond.errors.contains("operators.read"))
                let id = try #require(try await control.json("token", "list", "--operator", "erin")["id"] as? String)
                #expect(try await control.run("token", "revoke", id, "--operator", "erin").status == 0)
                let late = try await act("tenant", "show", "acme")
                #expect(late.status == 1 && late.errors.contains("help: headgate sign-in"))

                let made = try await control.json("audit", "search", "--tenant", "acme", "--since", "1h")
                #expect(made["type"] as? String == "tenant.created" && made["actor"] as? String == "operator/bob")
                let number = String(try #require(made["sequence"] as? Int))
                #expect(try await control.json("audit", "show", number)["stream"] as? String == "tenant/acme")
                let proof = try await control.run("audit", "proof", number)
                #expect(proof.status == 0 && proof.output.hasPrefix("c2sp.org/tlog-proof"))
                let pages = try await control.run("audit", "search", "--all", "--json")
                #expect(pages.output.split(separator: "\n").count > 15)
            }
        }

        @Test func `a server that is away, and one that is somebody else, are told apart`() async throws {
            try await ControlCommandLine.with { control in
                let stub = try await control.run(
                    "tenant", "list", "--server", "http://127.0.0.1:\(control.control.site.port)")
                #expect(stub.status == 1 && stub.errors.contains("nobody has signed in"))
                let far = try await control.run("tenant", "list", "--server", "http://headgate.example")
                #expect(far.status == 64 && far.errors.contains("https:// only"))
                await control.control.site.stop()
                let away = try await control.run("tenant", "list")
                #expect(away.status == 1)
                #expect(away.errors == "error: \(control.address) does not answer: nothing listens there\n")
            }
        }

        @Test func `by TLS, certificates are checked by the authority that is named`() async throws {
            try await TestFolder.with { folder in
                let recovery = try await ControlSite.begin(in: folder)
                let certificates = try Certificates(in: folder)
                let site = Site(governedIn: folder)
                try await withCleanUp {
                    try await site.start(certificates.options + ["--listen", "0.0.0.0:0", "--control", "0.0.0.0:0"])
                    try await Patience.wait(for: "the control API") { site.log.contains("the control API listens") }
                    let place = try #require(
                        site.log.firstMatch(of: /control API listens on https:\/\/[^\s]+:([0-9]+)/))
                    func run(_ arguments: String..., ca: String, input: String = "") async throws -> Command {
                        try await Command.run(
                            arguments,
                            environment: [
                                "HEADGATE_SERVER": "https://localhost:\(place.1)", "HEADGATE_CA": ca,
                                "HEADGATE_TOKEN": "", "XDG_CONFIG_HOME": folder.file("settings"),
                            ], input: input, in: folder)
                    }
                    let authority = certificates.authority.certificate
                    let signedIn = try await run(
                        "sign-in", "--operator", "ada", "--password-stdin", ca: authority,
                        input: "\(ControlSite.password)\n\(recovery[0])\n")
                    #expect(signedIn.status == 0, "\(signedIn.errors)")
                    #expect(try await run("whoami", ca: authority).status == 0)
                    let stranger = try await run("whoami", ca: "")
                    #expect(stranger.status == 1)
                    #expect(
                        stranger.errors.contains(
                            "signed by nobody who is known here; name the authority with --ca FILE"))
                    let clear = try await run(
                        "sign-in", "--operator", "ada", "--password-stdin", "--server", "http://localhost:\(place.1)",
                        ca: authority, input: "x\n")
                    #expect(clear.status == 1 && clear.errors.contains("does it speak https?"), "\(clear.errors)")
                } cleanUp: {
                    _ = await site.stop()
                }
            }
        }
    }
}
