internal import Access
internal import HTTPTypes
internal import Policy
internal import Vocabulary

extension Route {
    private static let session = Schema.named(
        "Session",
        .object([
            .required("id", .word), .required("operator", .word), .required("began_at", .moment),
            .required("last_used_at", .moment), .required("address", .told),
            .optional("csrf_token", .word, "Goes beside the cookie, as Headgate-CSRF."),
            .optional("token", .word, "Where a bearer was asked for: Authorization: Bearer. It is told once."),
        ]))

    private static func json(
        _ session: Session, csrfToken: String? = nil, token: String? = nil
    ) -> JSONValue {
        .record([
            "id": .string(session.id), "operator": .string(session.signedIn.name.text),
            "began_at": .moment(session.signedIn.at), "last_used_at": .moment(session.lastUsedAt),
            "address": .string(session.address), "csrf_token": .text(csrfToken), "token": .text(token),
        ])
    }

    /// Signing in and out, and confirming.
    static let sessions: [Route] = [
        Route(
            method: .post, path: "/v1/sessions", id: "signIn", tag: "sessions",
            summary: "Sign in: a session cookie, or a bearer token for programs.", access: .anybody,
            body: .object([
                .required("operator", .text(1...64)), .required("password", .text(1...Password.byteCountMax)),
                .optional("code", .text(1...64), "A one-time code, or a recovery code."),
                .optional("bearer", .flag, "Whether the token comes in the body, and no cookie."),
            ]), answer: .json(session, .created), handle: signIn),
        Route(
            method: .get, path: "/v1/sessions", id: "listSessions", tag: "sessions",
            summary: "The caller's own sessions.", access: .operatorsThemselves(byToken: false),
            answer: .json(.page(of: session))
        ) { call in
            let sessions = call.desk.sessions.list(of: try call.authority().name, at: call.now)
            return .page(sessions.map { json($0) }, next: nil)
        },
        Route(
            method: .delete, path: "/v1/sessions/current", id: "signOut", tag: "sessions", summary: "Sign out.",
            access: .operatorsThemselves(byToken: false), answer: .nothing
        ) { call in
            if let token = call.caller?.sessionToken { call.desk.sessions.end(token) }
            var reply = Reply.done
            reply.fields[.setCookie] = cookie("", isSecure: call.request.isSecure) + "; Max-Age=0"
            return reply
        },
        Route(
            method: .delete, path: "/v1/sessions/{session}", id: "endSession", tag: "sessions",
            summary: "End another session of the caller.", access: .operatorsThemselves(byToken: false),
            answer: .nothing
        ) { call in
            let id = try call.parameter("session")
            guard call.desk.sessions.end(id: id, of: try call.authority().name) else {
                throw Problem.unknown("there is no session \(id.quoted) of yours", "session")
            }
            return .done
        },
        Route(
            method: .post, path: "/v1/proofs", id: "confirm", tag: "sessions",
            summary: "Confirm what was answered with `proof_needed`.", access: .operatorsThemselves(byToken: false),
            body: .object([
                .required("challenge", .text(1...64)),
                .required("confirmation", .text(1...Password.byteCountMax), "A one-time code, or the password."),
            ]),
            answer: .json(
                .object([.required("proof", .word, "Goes with the same request again, as Headgate-Proof; once.")]),
                .created)
        ) { call in
            let proof = try await call.desk.confirm(
                call.body.text("challenge"), with: call.body.text("confirmation"), by: call.authority().name,
                from: call.request, at: call.now)
            return .json(["proof": .string(proof.text)], .created)
        },
    ]

    @Sendable
    private static func signIn(_ call: Call) async throws -> Reply {
        let (token, session) = try await call.desk.signIn(
            call.body.text("operator"), password: call.body.text("password"), second: call.body.optionalText("code"),
            from: call.request, at: call.now)
        guard !call.body.flag("bearer") else { return .json(json(session, token: token.text), .created) }
        var reply = Reply.json(json(session, csrfToken: token.csrfToken), .created)
        reply.fields[.setCookie] = cookie(token.text, isSecure: call.request.isSecure)
        return reply
    }

    private static func cookie(_ text: String, isSecure: Bool) -> String {
        "\(Desk.cookieName(isSecure: isSecure))=\(text); Path=/; HttpOnly; SameSite=Strict\(isSecure ? "; Secure" : "")"
    }
}
