import Foundation
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Calls the control API over HTTP.
struct ControlClient: Sendable {
    /// The port.
    let port: Int
    /// What goes into `Authorization`.
    let bearer: String?

    private static let session: URLSession = {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpShouldSetCookies = false
        configuration.httpCookieAcceptPolicy = .never
        configuration.httpCookieStorage = nil
        return URLSession(configuration: configuration)
    }()

    /// Calls; a body is JSON, and without one none is sent.
    func call(
        _ method: String, _ path: String, _ body: String? = nil, fields: [String: String] = [:]
    ) async throws -> ControlAnswer {
        var request = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(port)\(path)")))
        request.httpMethod = method
        if let bearer { request.setValue("Bearer \(bearer)", forHTTPHeaderField: "Authorization") }
        if let body {
            request.httpBody = Data(body.utf8)
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        }
        for (name, value) in fields { request.setValue(value, forHTTPHeaderField: name) }
        let (data, response) = try await ControlClient.session.data(for: request)
        return ControlAnswer(data: data, response: try #require(response as? HTTPURLResponse))
    }
}

/// What a call was answered.
struct ControlAnswer {
    /// The body.
    let data: Data
    /// Status and fields.
    let response: HTTPURLResponse

    /// The status.
    var status: Int { response.statusCode }
    /// The body as text.
    var body: String { String(decoding: data, as: UTF8.self) }
    /// The members of the body.
    var members: [String: Any] { (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] ?? [:] }
    /// What a problem calls itself.
    var code: String? { members["code"] as? String }
    /// The version in the entity tag, quoted.
    var tag: String? { field("ETag") }
    /// A field.
    func field(_ name: String) -> String? { response.value(forHTTPHeaderField: name) }
    /// The items of a page.
    var items: [[String: Any]] { members["items"] as? [[String: Any]] ?? [] }

    /// A text of the body.
    func text(_ name: String) -> String? { members[name] as? String }
}
