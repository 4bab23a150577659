internal import Access
internal import HTTPTypes
package import Policy

/// The OpenAPI 3.1 document of the control API, printed from the table of routes.
///
/// Beside what OpenAPI has, each call says in `x-permission` what it takes: `name` is the permission, `target` what it
/// is about, `proof` whether it has to be confirmed, `token` whether an API token can make it at all.
package enum ControlDocument {
    /// The document.
    package static let json: JSONValue = .record([
        "openapi": "3.1.0", "info": info, "paths": .object(paths),
        "components": ["schemas": .object(schemas), "securitySchemes": securitySchemes],
    ])

    private static let info: JSONValue = [
        "title": "Headgate control API", "version": "1",
        "description": "What operators and their automation change and look at. Errors are RFC 9457 problems.",
    ]

    private static let securitySchemes: JSONValue = [
        "token": ["type": "http", "scheme": "bearer"],
        "session": ["type": "apiKey", "in": "cookie", "name": .string(Desk.cookieName(isSecure: false))],
    ]

    private static var schemas: [JSONValue.Member] {
        components.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, $0.value.json) }
    }

    private static var components: [String: Schema] {
        let schemas = Route.all.flatMap { route in
            [route.body, route.answer.schema].compactMap { $0 } + [Problem.schema]
        }
        return schemas.reduce(into: [:]) { $0.merge($1.components) { first, _ in first } }
    }

    private static var paths: [JSONValue.Member] {
        var order: [String] = []
        for route in Route.all where !order.contains(route.path) { order.append(route.path) }
        return order.map { path in
            .init(
                path,
                .object(
                    Route.all.filter { $0.path == path }
                        .map { .init($0.method.rawValue.lowercased(), operation($0)) }))
        }
    }

    private static func operation(_ route: Route) -> JSONValue {
        let parameters = parameters(of: route)
        let security: JSONValue = route.access == .anybody ? [] : [["token": []], ["session": []]]
        return .record([
            "operationId": .string(route.id), "tags": [.string(route.tag)], "summary": .string(route.summary),
            "x-permission": permission(of: route.access),
            "security": security,
            "parameters": parameters.isEmpty ? nil : .array(parameters),
            "requestBody": route.body.map { schema in
                ["required": true, "content": ["application/json": ["schema": schema.json]]]
            },
            "responses": responses(of: route),
        ])
    }

    private static func permission(of access: Route.Access) -> JSONValue {
        let target: String
        var takesTokens = true
        switch access {
        case .anybody: target = "none"
        case .enrolling, .operatorsThemselves:
            target = "self"
            takesTokens = access == .operatorsThemselves(byToken: true)
        case .platform: target = "platform"
        case .tenant: target = "tenant"
        case .narrowed: target = "list"
        }
        return .record([
            "name": .text(access.permission?.rawValue), "target": .string(target), "proof": .flag(access.needsProof),
            "token": .flag(takesTokens && !access.needsProof),
        ])
    }

    private static func parameters(of route: Route) -> [JSONValue] {
        let path = route.parameterNames.map { name -> JSONValue in
            let schema = Schema.text(1...128).json
            return ["name": .string(name), "in": "path", "required": true, "schema": schema]
        }
        let query = route.query.map { parameter -> JSONValue in
            [
                "name": .string(parameter.name), "in": "query", "description": .string(parameter.summary),
                "schema": parameter.schema.json,
            ]
        }
        var fields: [JSONValue] = []
        if route.precondition != .none {
            fields.append(field("If-Match", "The ETag that was read; `\"3\"`.", max: 32))
        }
        if route.method == .post {
            fields.append(field("Idempotency-Key", "Makes a repeat get the same answer.", max: 128))
        }
        if route.access.needsProof { fields.append(field("Headgate-Proof", "The proof, once there is one.", max: 64)) }
        return path + query + fields
    }

    private static func field(_ name: String, _ summary: String, max: Int64) -> JSONValue {
        [
            "name": .string(name), "in": "header", "description": .string(summary),
            "schema": ["type": "string", "maxLength": .integer(max)],
        ]
    }

    private static func responses(of route: Route) -> JSONValue {
        let content: JSONValue? =
            if let schema = route.answer.schema {
                ["application/json": ["schema": schema.json]]
            } else if route.answer.text != nil {
                ["text/plain": ["schema": ["type": "string"]]]
            } else {
                nil
            }
        let good = JSONValue.record(["description": "Done.", "content": content])
        let bad = route.problems.map { status -> JSONValue.Member in
            .init(
                String(status.code),
                [
                    "description": .string(status.reasonPhrase),
                    "content": ["application/problem+json": ["schema": Problem.schema.json]],
                ])
        }
        return .object([.init(String(route.answer.status.code), good)] + bad)
    }
}

extension Route {
    /// The statuses of the problems that it may answer with.
    var problems: [HTTPResponse.Status] {
        var all: [HTTPResponse.Status] = [.badRequest, .serviceUnavailable]
        if access != .anybody { all += [.unauthorized, .forbidden] }
        if tag == "sessions" || tag == "credentials", method != .get { all += [.unauthorized, .tooManyRequests] }
        if !parameterNames.isEmpty || path.hasSuffix("/current") || id == "confirm" { all.append(.notFound) }
        if method != .get || tag == "reports" { all.append(.conflict) }
        if body != nil { all += [.contentTooLarge, .unsupportedMediaType, .unprocessableContent] }
        if precondition != .none || method == .post { all.append(.preconditionFailed) }
        if precondition == .required { all.append(.preconditionRequired) }
        if tag == "policies", method == .get { all.append(.unprocessableContent) }
        return all.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }.sorted { $0.code < $1.code }
    }
}
