import Foundation
import Testing

/// The OpenAPI document as it was fetched.
struct Document {
    private let root: [String: Any]

    /// Reads it.
    init(_ answer: ControlAnswer) throws {
        try #require(answer.status == 200)
        root = answer.members
    }

    /// One call.
    struct Operation: CustomStringConvertible {
        /// The method.
        let method: String
        /// The path with its parameters.
        let template: String
        /// What it takes.
        let permission: String?
        /// What it is about.
        let target: String
        /// Whether it has to be confirmed.
        let needsProof: Bool
        /// Whether tokens can make it.
        let takesTokens: Bool
        /// The schema of the body.
        let body: [String: Any]?

        var description: String { "\(method) \(template)" }

        /// The path, about a tenant, and about nothing that there is otherwise.
        func path(tenant: String) -> String {
            template.split(separator: "/").map { part in
                part == "{tenant}" ? tenant : part.hasPrefix("{") ? "nothing" : String(part)
            }.reduce("") { $0 + "/" + $1 }
        }
    }

    /// All calls; one without `x-permission` has an empty target.
    var operations: [Operation] {
        let paths = root["paths"] as? [String: [String: Any]] ?? [:]
        return paths.sorted { $0.key < $1.key }.flatMap { path, methods in
            methods.sorted { $0.key < $1.key }.map { method, value in
                let operation = value as? [String: Any] ?? [:]
                let permission = operation["x-permission"] as? [String: Any] ?? [:]
                let content = (operation["requestBody"] as? [String: Any])?["content"] as? [String: Any]
                return Operation(
                    method: method.uppercased(), template: path, permission: permission["name"] as? String,
                    target: permission["target"] as? String ?? "", needsProof: permission["proof"] as? Bool ?? false,
                    takesTokens: permission["token"] as? Bool ?? false,
                    body: (content?["application/json"] as? [String: Any])?["schema"] as? [String: Any])
            }
        }
    }

    /// The smallest body that a schema takes, as JSON.
    func example(_ schema: [String: Any]) -> String {
        if let name = (schema["$ref"] as? String)?.split(separator: "/").last,
            let schemas = (root["components"] as? [String: Any])?["schemas"] as? [String: [String: Any]],
            let named = schemas[String(name)]
        {
            return example(named)
        }
        switch schema["type"] as? String {
        case "object":
            let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
            let required = schema["required"] as? [String] ?? []
            return "{" + required.map { "\"\($0)\": " + example(properties[$0] ?? [:]) }.joined(separator: ", ") + "}"
        case "array": return "[]"
        case "integer": return "\(schema["minimum"] as? Int ?? 1)"
        case "boolean": return "true"
        default:
            if let words = schema["enum"] as? [String], let first = words.first { return "\"\(first)\"" }
            return schema["format"] as? String == "date-time" ? "\"2026-12-01T00:00:00Z\"" : "\"nothing\""
        }
    }
}
