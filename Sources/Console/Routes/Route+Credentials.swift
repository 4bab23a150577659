internal import Access
internal import HTTPTypes
internal import Policy
internal import Vocabulary

extension Route {
    private static let password = Schema.lines(1...Password.byteCountMax)
    private static let code = Schema.text(1...64)

    private static let recoveryCodes = Schema.named(
        "RecoveryCodes",
        .object([.required("recovery_codes", .list(.word, max: RecoveryCodes.count), "Each good once; told once.")]))

    /// What operators sign in with, changed by themselves.
    ///
    /// Each change ends all their sessions.
    static let credentials: [Route] = [
        Route(
            method: .post, path: "/v1/me/phone", id: "drawPhone", tag: "credentials",
            summary: "Draw a secret for an authenticator app; it counts once the app has shown a code.",
            access: .enrolling, body: .object([]),
            answer: .json(
                .object([
                    .required("secret", .word, "For apps without a camera."),
                    .required("uri", .word, "For the picture that a camera reads."), .required("expires_at", .moment),
                ]), .created)
        ) { call in
            let session = try call.session()
            let draft = call.desk.drawPhone(for: session, at: call.now)
            return .json(
                [
                    "secret": .string(draft.secret.base32),
                    "uri": .string(draft.secret.uri(for: session.signedIn.name, issuer: "Headgate")),
                    "expires_at": .moment(draft.expires),
                ], .created)
        },
        Route(
            method: .post, path: "/v1/me/enrolment", id: "enrol", tag: "credentials",
            summary: "Set a first password and phone, as whoever was let in by somebody else has to.",
            access: .enrolling,
            body: .object([.required("password", password), .required("code", code, "What the new phone shows.")]),
            answer: .json(recoveryCodes, .created)
        ) { call in
            let codes = try await call.desk.enrol(
                call.session(), password: call.body.text("password"), code: call.body.text("code"), at: call.now)
            return .json(["recovery_codes": .strings(codes)], .created)
        },
        Route(
            method: .put, path: "/v1/me/password", id: "changePassword", tag: "credentials",
            summary: "Set another password.", access: .operatorsThemselves(byToken: false),
            body: .object([
                .required("password", password, "The present one."), .required("code", code, "A one-time code."),
                .required("new_password", password),
            ]), answer: .nothing
        ) { call in
            try await call.desk.changePassword(
                call.session(), to: call.body.text("new_password"), with: evidence(call), from: call.request,
                at: call.now)
            return .done
        },
        Route(
            method: .put, path: "/v1/me/phone", id: "changePhone", tag: "credentials",
            summary: "Set up the phone that was drawn, in place of the present one or of one that was lost.",
            access: .operatorsThemselves(byToken: false),
            body: .object([
                .required("password", password),
                .required("code", code, "A one-time code of the present phone, or a recovery code."),
                .required("new_code", code, "What the new phone shows."),
            ]), answer: .json(recoveryCodes)
        ) { call in
            let codes = try await call.desk.changePhone(
                call.session(), confirmedBy: call.body.text("new_code"), with: evidence(call), from: call.request,
                at: call.now)
            return .json(["recovery_codes": .strings(codes)])
        },
        Route(
            method: .put, path: "/v1/me/recovery-codes", id: "changeRecoveryCodes", tag: "credentials",
            summary: "Draw other recovery codes; the former ones are void.",
            access: .operatorsThemselves(byToken: false),
            body: .object([.required("password", password), .required("code", code, "A one-time code.")]),
            answer: .json(recoveryCodes)
        ) { call in
            let codes = try await call.desk.changeRecoveryCodes(
                call.session(), with: evidence(call), from: call.request, at: call.now)
            return .json(["recovery_codes": .strings(codes)])
        },
    ]

    private static func evidence(_ call: Call) throws(Problem) -> Desk.Evidence {
        Desk.Evidence(password: try call.body.text("password"), code: try call.body.text("code"))
    }
}
