import Foundation
import NIOCore
import NIOPosix
import PostgresTestSupport
import Testing

@testable import Access

extension ServerTests {
    /// Operators' access to a running server, as strangers and operators meet it.
    @Suite struct ControlAccess {
        private func with(_ body: (ControlSite, [String]) async throws -> Void) async throws {
            try await TestFolder.with { folder in
                let codes = try await ControlSite.begin(in: folder)
                let site = Site(governedIn: folder)
                try await withCleanUp {
                    try await body(try await ControlSite(starting: site), codes)
                } cleanUp: {
                    _ = await site.stop()
                }
            }
        }

        /// Connects and sends the beginning of a request.
        private func begin(_ text: String, at port: Int) async throws -> any Channel {
            let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .channelOption(.autoRead, value: false).connect(host: "127.0.0.1", port: port).get()
            try await channel.writeAndFlush(ByteBuffer(string: text))
            return channel
        }

        @Test func `what a stranger announces is not waited for, and what is too large is not read`() async throws {
            try await with { control, codes in
                let json = (name: "Content-Type", value: "application/json")
                func announced(_ path: String, _ length: Int, as token: String? = nil) async throws -> HTTPResponse {
                    let fields = [json, (name: "Content-Length", value: "\(length)")]
                    return try await control.call("POST", path, as: token, fields: fields)
                }
                // Nothing of the body ever comes, and the answer does.
                #expect(try await announced("/v1/tenants", 900_000).status == 401)
                #expect(try await announced("/v1/policies", 4_000_000).status == 401)
                #expect(try await announced("/v1/sessions", 100_000).status == 413)
                #expect(try await announced("/v1/nothing", 100_000).status == 404)
                let session = try await control.signIn("ada", code: codes[0])
                #expect(try await announced("/v1/operators/bob/vouching", 100_000, as: session).status == 413)
                // Whoever would use the connection again has to know that it ends.
                let large = try await announced("/v1/tenants", 1_000_000, as: session)
                #expect(large.status == 413 && large["Connection"] == "close")
                // The connection of a refused call goes on, if little of its body was left.
                try await HTTPConnection.with(port: control.port) { connection in
                    for _ in 0..<3 {
                        let refused = try await connection.send(
                            HTTPRequest(method: "POST", target: "/v1/tenants", fields: [json], body: #"{"name": "x"}"#))
                        #expect(refused.status == 401)
                    }
                }
                let utf16 = "{\"operator\": \"ada\"}".utf16.map { String(UnicodeScalar(UInt8($0))) + "\0" }.joined()
                #expect(try await control.call("POST", "/v1/sessions", utf16).status == 400)
            }
        }

        @Test func `a stop does not wait for a body that does not come`() async throws {
            try await with { control, codes in
                let session = try await control.signIn("ada", code: codes[0])
                let channel = try await begin(
                    "POST /v1/tenants HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(session)\r\n"
                        + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{", at: control.port)
                // The next call is answered, so the one before has begun.
                #expect(try await control.call("GET", "/v1/me", as: session).status == 200)
                control.site.send(SIGTERM)
                try await Patience.wait(for: "headgate to end", atMost: .seconds(16)) { !control.site.isRunning }
                #expect(await control.site.stop() == 0)
                try? await channel.close()
            }
        }

        @Test func `the machine lets a second operator in, who approves what the first proposes`() async throws {
            try await with { control, codes in
                let site = control.site
                let ada = try await control.signIn("ada", code: codes[0])
                let refused = try await site.run("enrol", "--operator", "bob", "--data", site.data)
                #expect(refused.status == 1 && refused.errors.contains("give roles"))
                let enrolled = try await site.run(
                    "enrol", "--operator", "bob", "--role", "technical-reviewer", "--role", "platform-admin", "--data",
                    site.data)
                let secret = try #require(enrolled.output.firstMatch(of: /hg_enrol_[0-9A-Z]+/), "\(enrolled.errors)").0
                let phone = try await control.enrol("bob", with: String(secret))
                let bob = try await control.signIn("bob", code: try phone.code())
                let tenant = #"{"name": "acme", "plan": "standard"}"#
                #expect(try await control.call("POST", "/v1/tenants", tenant, as: ada).status == 201)
                let until = ISO8601DateFormatter().string(from: Date().addingTimeInterval(86_400))
                let wish = #"{"id": "g1", "kind": "exemption", "features": ["x"], "until": "\#(until)", "reason": "r"}"#
                let path = "/v1/tenants/acme/grants"
                let asked = try await control.call("POST", path, wish, as: ada)
                #expect(asked.status == 201, "\(asked.text)")
                let approved = try await control.confirmed("POST", path + "/g1/approval", "{}", as: bob, phone)
                #expect(approved.status == 200, "\(approved.text)")
                _ = await site.stop()
                #expect(!site.log.contains(secret) && !site.log.contains(ControlSite.password))
                let shown = try await site.run("ledger", "search", "--data", site.data, "--json")
                #expect(shown.output.contains("system/console") && !shown.output.contains(secret))
            }
        }

        @Test func `a ledger that is begun for somebody else lets that one set everything`() async throws {
            try await TestFolder.with { folder in
                let policy = try folder.write(ControlSite.policy, to: "policy.yaml")
                let begun = try await Command.run(
                    ["init", "--operator", "ada", "--data", folder.file("data"), "--policy", policy], in: folder)
                let secret = try #require(begun.output.firstMatch(of: /hg_enrol_[0-9A-Z]+/), "\(begun.errors)").0
                #expect(!begun.output.contains("otpauth"))
                let site = Site(governedIn: folder)
                try await withCleanUp {
                    let control = try await ControlSite(starting: site)
                    let phone = try await control.enrol("ada", with: String(secret))
                    let ada = try await control.signIn("ada", code: try phone.code())
                    let current = try await control.call("GET", "/v1/policies/p1", as: ada)
                    #expect(current.text.contains(#""policy.yaml""#) && !current.text.contains(folder.path))
                } cleanUp: {
                    _ = await site.stop()
                }
            }
        }

        @Test func `what is withdrawn and which key signs holds on both servers, and after a restart`() async throws {
            try await TestFolder.with { folder in
                let server = try PostgresServer()
                let address = server.address()
                let codes = try await ControlSite.begin(in: folder, data: "one", ledger: address)
                try FileManager.default.createDirectory(
                    atPath: folder.file("two"), withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700])
                for name in ["ledger.key", "ledger.vkey", "keys.secret"] {
                    try FileManager.default.copyItem(
                        atPath: folder.file("one/\(name)"), toPath: folder.file("two/\(name)"))
                }
                let tokens = try folder.write(
                    "headgate-tokens: 1\nissuer: https://headgate.example\naudience: https://api.example\n",
                    to: "tokens.yaml")
                let sites = ["one", "two"].map { Site(governedIn: folder, data: $0, ledger: address) }
                try await withCleanUp {
                    var controls: [ControlSite] = []
                    for site in sites { controls.append(try await ControlSite(starting: site, ["--tokens", tokens])) }
                    try await checkTokens(controls, codes, tokens)
                } cleanUp: {
                    for site in sites { _ = await site.stop() }
                }
            }
        }

        private func checkTokens(_ controls: [ControlSite], _ codes: [String], _ tokens: String) async throws {
            let (one, two) = (controls[0], controls[1])
            var ada = try await one.signIn("ada", code: codes[0])
            #expect(
                try await one.call("POST", "/v1/tenants", #"{"name": "acme", "plan": "standard"}"#, as: ada).status
                    == 201)
            let principal = try await one.call(
                "PUT", "/v1/tenants/acme/principals/web", #"{"classes": ["work"]}"#, as: ada)
            #expect(principal.status == 200, "\(principal.text)")
            let issued = try await one.call("POST", "/v1/tenants/acme/principals/web/keys", "{}", as: ada)
            let key = try #require(issued.member("key"), "\(issued.text)")
            for control in controls {
                try await Patience.wait(for: "the key") {
                    try await control.site.check(Check(credential: key, operation: "act")).isAdmitted
                }
            }
            func status(_ token: String, at control: ControlSite) async throws -> Int {
                try await HTTPClient(port: control.site.port).send(
                    HTTPRequest(
                        target: "/v1/authorize",
                        fields: [
                            ("Authorization", "Bearer \(token)"), ("X-Original-Method", "POST"),
                            ("X-Original-URI", "/v1/acts"),
                        ])
                ).status
            }
            func wait(_ token: String, at control: ControlSite, until expected: Int, _ what: String) async throws {
                try await Patience.wait(for: what) { try await status(token, at: control) == expected }
            }
            // Both sign with one key, and each takes what the other has issued.
            let (first, second) = (try await token(one, key), try await token(two, key))
            for control in controls {
                #expect(try await status(first, at: control) == 200)
                #expect(try await status(second, at: control) == 200)
            }
            #expect(try await oauth(one, "revoke", "token=\(first)", key).status == 200)
            #expect(try await status(first, at: one) == 401)
            try await wait(first, at: two, until: 401, "the other server to hear of a token")
            #expect(try await status(second, at: two) == 200)
            let cut = try await one.call(
                "POST", "/v1/tenants/acme/token-revocations", #"{"principal": "web", "reason": "a drill"}"#, as: ada)
            #expect(cut.status == 204, "\(cut.text)")
            for control in controls { try await wait(second, at: control, until: 401, "all of a principal to be gone") }

            // With another phone, since recovery codes confirm nothing.
            let drawn = try await one.call("POST", "/v1/me/phone", "{}", as: ada)
            let phone = Phone(try #require(drawn.member("secret").flatMap { CodeSecret(base32: $0) }))
            let changed = try await one.call(
                "PUT", "/v1/me/phone",
                #"{"password": "\#(ControlSite.password)", "code": "\#(codes[1])", "new_code": "\#(try phone.code())"}"#,
                as: ada)
            #expect(changed.status == 200, "\(changed.text)")
            ada = try await one.signIn("ada", code: try phone.code())
            let before = try await keyIDs(two)
            let turned = try await one.confirmed("POST", "/v1/signing-keys/rotation", "{}", as: ada, phone)
            #expect(turned.status == 200, "\(turned.text)")
            try await Patience.wait(for: "the keys to turn") {
                let (left, right) = (try await keyIDs(one), try await keyIDs(two))
                return left.count == 3 && left == right && left != before
            }
            // What was issued is refused after a restart too, and what is issued now counts everywhere.
            #expect(await two.site.stop() == 0)
            let again = try await ControlSite(starting: two.site, ["--tokens", tokens])
            #expect(try await status(first, at: again) == 401)
            #expect(try await status(second, at: again) == 401)
            let third = try await token(again, key)
            #expect(try await status(third, at: one) == 200)
            #expect(!one.site.log.contains("PRIVATE KEY") && !again.site.log.contains("PRIVATE KEY"))
        }

        private func keyIDs(_ control: ControlSite) async throws -> [String] {
            let set = try await HTTPClient(port: control.site.port).send(HTTPRequest(target: "/.well-known/jwks.json"))
            return set.text.matches(of: /"kid":"([^"]+)"/).map { String($0.1) }
        }

        private func oauth(_ control: ControlSite, _ path: String, _ form: String, _ key: String) async throws
            -> HTTPResponse
        {
            let pair = Data("acme%2Fweb:\(key)".utf8).base64EncodedString()
            return try await HTTPClient(port: control.site.port).send(
                HTTPRequest(
                    method: "POST", target: "/oauth/\(path)",
                    fields: [
                        ("Authorization", "Basic \(pair)"), ("Content-Type", "application/x-www-form-urlencoded"),
                    ], body: form))
        }

        private func token(_ control: ControlSite, _ key: String) async throws -> String {
            let answer = try await oauth(control, "token", "grant_type=client_credentials", key)
            return try #require(answer.member("access_token"), "\(answer.text)")
        }
    }
}
