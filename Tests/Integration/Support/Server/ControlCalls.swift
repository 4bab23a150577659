import Foundation
import Testing

/// Calls of a server's control API by the operator who began the ledger.
struct ControlCalls {
    private let client: HTTPClient
    private let token: String

    /// Where `headgate serve` says that the control API listens.
    static func port(of site: Site) async throws -> Int {
        try await Patience.wait(for: "the control API") { site.log.contains("the control API listens") }
        let place = try #require(site.log.firstMatch(of: /control API listens on http:\/\/[^\s]+:([0-9]+)/))
        return try #require(Int(place.1))
    }

    /// Signs in with a recovery code out of what `headgate init` printed.
    init(_ site: Site, initialised printed: String, operatorName: String, password: String) async throws {
        client = HTTPClient(port: try await ControlCalls.port(of: site))
        let code = try #require(printed.firstMatch(of: /[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/)).0
        let body =
            #"{"operator":"\#(operatorName)","password":"\#(password)","bearer":true,"code":"\#(code)"}"#
        let answer = try await ControlCalls.send(client, "POST", "/v1/sessions", body, token: nil)
        token = String(try #require(answer.text.firstMatch(of: /"token": ?"([^"]+)"/), "\(answer.text)").1)
    }

    /// Makes a call.
    func send(_ method: String, _ path: String, _ body: String = "") async throws -> HTTPResponse {
        try await ControlCalls.send(client, method, path, body, token: token)
    }

    private static func send(
        _ client: HTTPClient, _ method: String, _ path: String, _ body: String, token: String?
    ) async throws -> HTTPResponse {
        var fields = token.map { [(name: "Authorization", value: "Bearer \($0)")] } ?? []
        if !body.isEmpty { fields.append((name: "Content-Type", value: "application/json")) }
        return try await client.send(HTTPRequest(method: method, target: path, fields: fields, body: body))
    }

    /// Makes a tenant with a principal, and gives its key.
    func makeTenant(_ name: String, plan: String = "standard") async throws -> String {
        for (method, path, body) in [
            ("POST", "/v1/tenants", #"{"name":"\#(name)","plan":"\#(plan)"}"#),
            ("PUT", "/v1/tenants/\(name)/principals/web", #"{"classes":["work"]}"#),
        ] {
            let made = try await send(method, path, body)
            try #require([200, 201].contains(made.status), "\(path): \(made.text)")
        }
        let issued = try await send("POST", "/v1/tenants/\(name)/principals/web/keys", "{}")
        return String(try #require(issued.text.firstMatch(of: /hg_live_[0-9A-Z]+/), "\(issued.text)").0)
    }
}
