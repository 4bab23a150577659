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
            .optional("device", .word, "Likewise: goes with the next sign-in, by which this device is known again."),
            .required(
                "must_enrol", .flag,
                "Whether all that can be done is to set a password and a phone (/v1/me/phone, /v1/me/enrolment)."),
        ]))

    private static func json(
        _ session: Session, csrfToken: String? = nil, token: String? = nil, device: String? = nil
    ) -> JSONValue {
        .record([
            "id": .string(session.id), "operator": .string(session.signedIn.name.text),
            "began_at": .moment(session.signedIn.at), "last_used_at": .moment(session.lastUsedAt),
            "address": .string(session.address), "csrf_token": .text(csrfToken), "token": .text(token),
            "device": .text(device), "must_enrol": .flag(session.signedIn.isForEnrolment),
        ])
    }

    /// Signing in and out, and confirming.
    static let sessions: [Route] = [
        Route(
            method: .post, path: "/v1/sessions", id: "signIn", tag: "sessions",
            summary: "Sign in: a session cookie, or a bearer token for programs.", access: .anybody,
            body: .object([
                .required("operator", .text(1...64)),
                .required(
                    "password", .lines(1...Password.byteCountMax), "The password, or what the operator was let in by."),
                .optional("code", .text(1...64), "A one-time code, or a recovery code."),
                .optional("device", .text(1...64), "By which the device is known; browsers have a cookie for it."),
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
            access: .enrolling, answer: .nothing
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
                .required("confirmation", .text(1...64), "A one-time code."),
            ]),
            answer: .json(
                .object([.required("proof", .word, "Goes with the same request again, as Headgate-Proof; once.")]),
                .created)
        ) { call in
            let proof = try await call.desk.confirm(
                call.body.text("challenge"), with: call.body.text("confirmation"), by: call.session(),
                from: call.request, at: call.now)
            return .json(["proof": .string(proof.text)], .created)
        },
    ]

    @Sendable
    private static func signIn(_ call: Call) async throws -> Reply {
        let device = call.body.optionalText("device").flatMap { DeviceToken($0) } ?? call.request.device
        let begun = try await call.desk.signIn(
            Desk.SignInRequest(
                name: call.body.text("operator"), password: call.body.text("password"),
                second: call.body.optionalText("code"), device: device), from: call.request, at: call.now)
        guard !call.body.flag("bearer") else {
            return .json(json(begun.session, token: begun.token.text, device: begun.device?.text), .created)
        }
        var reply = Reply.json(json(begun.session, csrfToken: begun.token.csrfToken), .created)
        reply.fields[values: .setCookie] =
            [cookie(begun.token.text, isSecure: call.request.isSecure)]
            + (begun.device.map { [cookie(device: $0, isSecure: call.request.isSecure)] } ?? [])
        return reply
    }

    private static func cookie(device: DeviceToken, isSecure: Bool) -> String {
        "\(Desk.deviceCookieName(isSecure: isSecure))=\(device.text); Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000"
            + (isSecure ? "; Secure" : "")
    }

    private static func cookie(_ text: String, isSecure: Bool) -> String {
        "\(Desk.cookieName(isSecure: isSecure))=\(text); Path=/; HttpOnly; SameSite=Strict\(isSecure ? "; Secure" : "")"
    }
}
