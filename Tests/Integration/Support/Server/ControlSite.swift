import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import Access

/// A governed server with its control API, and operators who call it.
struct ControlSite {
    /// The server.
    let site: Site
    /// The port of the control API.
    let port: Int

    /// A policy with one class.
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
          standard: { tenant: { rate: 3000/s, burst: 5000 } }
        """

    /// A password for everybody.
    static let password = "correct horse battery staple"

    /// Begins a ledger in a data folder.
    ///
    /// - Returns: the recovery codes of `ada`.
    static func begin(in folder: TestFolder, data: String = "data", ledger: String? = nil) async throws -> [String] {
        let policy = try folder.write(policy, to: "policy.yaml")
        let arguments =
            ["init", "--operator", "ada", "--password-stdin", "--data", folder.file(data), "--policy", policy]
            + (ledger.map { ["--ledger", $0] } ?? [])
        let command = try await Command.run(arguments, input: password + "\n", in: folder)
        try #require(command.status == 0, "\(command.errors)")
        return command.output.matches(of: /[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/).map { String($0.0) }
    }

    /// Starts a server.
    init(starting site: Site, _ arguments: [String] = []) async throws {
        self.site = site
        try await site.start(["--control", "127.0.0.1:0"] + arguments)
        try await Patience.wait(for: "the control API") { site.log.contains("the control API listens") }
        let place = try #require(site.log.firstMatch(of: /control API listens on http:\/\/[^\s]+:([0-9]+)/))
        port = try #require(Int(place.1))
    }

    /// Calls.
    func call(
        _ method: String, _ path: String, _ body: String? = nil, as token: String? = nil,
        fields: [(name: String, value: String)] = []
    ) async throws -> HTTPResponse {
        var all = fields
        if body != nil { all.append(("Content-Type", "application/json")) }
        if let token { all.append(("Authorization", "Bearer \(token)")) }
        return try await HTTPClient(port: port).send(
            HTTPRequest(method: method, target: path, fields: all, body: body))
    }

    /// Signs in.
    func signIn(_ name: String, _ password: String = ControlSite.password, code: String? = nil) async throws -> String {
        let second = code.map { #", "code": "\#($0)""# } ?? ""
        let answer = try await call(
            "POST", "/v1/sessions", #"{"operator": "\#(name)", "password": "\#(password)", "bearer": true\#(second)}"#)
        return try #require(answer.member("token"), "\(answer.text)")
    }

    /// Sets a password and a phone after having been let in.
    func enrol(_ name: String, with secret: String) async throws -> Phone {
        let session = try await signIn(name, secret)
        let drawn = try await call("POST", "/v1/me/phone", "{}", as: session)
        let phone = Phone(try #require(drawn.member("secret").flatMap { CodeSecret(base32: $0) }, "\(drawn.text)"))
        let done = try await call(
            "POST", "/v1/me/enrolment",
            #"{"password": "\#(ControlSite.password)", "code": "\#(try phone.code())"}"#, as: session)
        try #require(done.status == 201, "\(done.text)")
        return phone
    }

    /// Calls, and confirms with a code what has to be confirmed.
    func confirmed(
        _ method: String, _ path: String, _ body: String, as token: String, _ phone: Phone,
        fields: [(name: String, value: String)] = []
    ) async throws -> HTTPResponse {
        let asked = try await call(method, path, body, as: token, fields: fields)
        let challenge = try #require(
            asked.text.firstMatch(of: /"challenge":\s*\{\s*"id":\s*"([^"]+)"/).map { String($0.1) }, "\(asked.text)")
        let given = try await call(
            "POST", "/v1/proofs", #"{"challenge": "\#(challenge)", "confirmation": "\#(try phone.code())"}"#, as: token)
        let proof = try #require(given.member("proof"), "\(given.text)")
        return try await call(method, path, body, as: token, fields: fields + [("Headgate-Proof", proof)])
    }
}

/// A phone whose codes are each good once: it shows those of the steps before and behind, too, as servers take them.
final class Phone {
    private let secret: CodeSecret
    private var used: Set<Int64> = []

    /// What the app shares.
    init(_ secret: CodeSecret) { self.secret = secret }

    /// A code that was not used yet; there are three at any time.
    func code() throws -> String {
        let now = Int64(Date().timeIntervalSince1970) / OneTimeCode.stepSeconds
        let step = try #require([now, now + 1, now - 1].first { !used.contains($0) }, "three codes are all there are")
        used.insert(step)
        return OneTimeCode.code(secret: secret.bytes, counter: UInt64(step))
    }
}

extension HTTPResponse {
    /// A text member of the body.
    func member(_ name: String) -> String? {
        let members = (try? JSONSerialization.jsonObject(with: Data(message.body))) as? [String: Any]
        return members?[name] as? String
    }
}
