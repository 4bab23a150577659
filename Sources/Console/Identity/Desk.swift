internal import HTTPTypes
package import Access
package import Directory
package import Governance
package import Ledger
package import Logging
internal import Synchronization
package import Vocabulary

/// What answers the calls of the control API, apart from HTTP.
package final class Desk: Sendable {
    /// Carries commands out.
    let governor: Governor
    /// The ledger, for searches and proofs.
    let ledger: LedgerWriter
    /// What operators sign in with.
    let vault: OperatorVault
    /// The sessions.
    let sessions: Sessions
    /// Makes the hashes of keys.
    let authenticator: CredentialAuthenticator
    /// What draws keys that sign tokens; `nil`: this server issues none.
    let signing: (any SigningDesk)?
    /// The quarantine list of this server.
    let quarantine: (any QuarantineDesk)?
    /// What tenants use, as this server has counted it; `nil`: it does not.
    let usage: UsageBook?
    /// Checks passwords, few at once.
    let checker = PasswordChecker()
    /// Slows down who guesses.
    let throttle = Mutex(SignInThrottle())
    /// What privileged actions wait for.
    let stepUp = Mutex(StepUpTable())
    /// Phones that are about to be set up, by the session in which they were drawn.
    let phones = Mutex<[String: PhoneDraft]>([:])
    /// How many attempts to show who somebody is there were.
    let attempts = Mutex<[AttemptSeries: Int]>([:])
    /// Where attempts that were wrong are told.
    let log: Logger
    /// What time it is.
    let clock: @Sendable () -> WallTime
    /// The routes.
    let table = RouteTable(Route.all)

    private static let flags: [String: Received] = ["true": .flag(true), "false": .flag(false)]

    /// Joins what answers.
    package init(
        governor: Governor, ledger: LedgerWriter, vault: OperatorVault, sessions: Sessions = Sessions(),
        authenticator: CredentialAuthenticator, signing: (any SigningDesk)? = nil,
        quarantine: (any QuarantineDesk)? = nil, usage: UsageBook? = nil, log: Logger = Logger(label: "headgate"),
        clock: @escaping @Sendable () -> WallTime
    ) {
        self.governor = governor
        self.ledger = ledger
        self.vault = vault
        self.sessions = sessions
        self.authenticator = authenticator
        self.signing = signing
        self.quarantine = quarantine
        self.log = log
        self.usage = usage
        self.clock = clock
    }

    /// Looks at a call before its body is read: whoever may not make it has nothing read from them.
    ///
    /// - Returns: who makes it; `nil` where anybody may.
    func admit(
        _ arrival: Arrival, _ route: Route, _ parameters: [String: String], at now: WallTime
    ) throws(Problem) -> Caller? {
        try governed { () throws(GovernanceError) in try governor.catchUp() }
        let caller = route.access == .anybody ? nil : try caller(of: arrival, at: now)
        if let caller { try check(caller, route, parameters, arrival) }
        try arrival.checkIdempotencyKey()
        return caller
    }

    /// Answers a call that a route was found for, with its body.
    ///
    /// The order is always the same: who it is, whether they may, whether what they sent can be, whether they have
    /// confirmed it. So nobody learns from a refusal of a body what they may not see. Who it is is asked again: while a
    /// body comes, much can happen.
    func answer(_ arrival: Arrival, _ route: Route, _ parameters: [String: String]) async throws(Problem) -> Reply {
        let now = clock()
        let caller = try admit(arrival, route, parameters, at: now)
        let query = try query(of: arrival, route)
        let body = try body(of: arrival, route)
        if route.access.needsProof, let caller { try checkProof(of: arrival, by: caller, at: now) }
        let call = Call(
            request: arrival, parameters: parameters, query: query, body: body, caller: caller, desk: self, now: now)
        do {
            return try await route.handle(call)
        } catch {
            throw error as? Problem ?? Problem(.internalServerError, "internal", "this went wrong here: \(error)")
        }
    }

    /// Whether the caller may do it.
    private func check(
        _ caller: Caller, _ route: Route, _ parameters: [String: String], _ arrival: Arrival
    ) throws(Problem) {
        if caller.isByCookie, route.method != .get { try checkOrigin(of: arrival, caller) }
        guard !caller.isEnrolling || route.access == .enrolling else {
            throw Problem(
                .forbidden, "enrolment_needed", "set a password and a phone of your own first",
                suggestion: "POST /v1/me/phone, then POST /v1/me/enrolment; then sign in with them")
        }
        let target: AccessTarget
        switch route.access {
        case .anybody: return
        case .enrolling, .operatorsThemselves:
            let byToken = route.access == .operatorsThemselves(byToken: true)
            guard byToken || caller.session != nil else {
                throw Problem(.forbidden, "forbidden", "this is for people and not for tokens")
            }
            return
        case .platform: target = .platform
        case .tenant: target = .tenant(parameters["tenant"] ?? "")
        case .narrowed: target = .someTenants
        }
        guard let permission = route.access.permission,
            caller.authority.ruling(on: permission, target) != .forbidden
        else {
            throw Problem(
                .forbidden, "forbidden",
                "\(caller.authority.name) may not do this: it takes \(route.access.permission?.rawValue ?? "more")")
        }
    }

    /// A cookie alone shows nothing: browsers send it also for pages of others.
    private func checkOrigin(of arrival: Arrival, _ caller: Caller) throws(Problem) {
        if arrival.fields[.fetchSite] == "same-origin" { return }
        if let text = arrival.fields[.csrfToken], caller.sessionToken?.isCSRFToken(text) == true { return }
        throw Problem(
            .forbidden, "cross_site", "nothing shows that a page of ours has sent this", member: "Headgate-CSRF",
            suggestion: "send the session's csrf_token as Headgate-CSRF")
    }

    private func query(of arrival: Arrival, _ route: Route) throws(Problem) -> [String: String] {
        let query = try arrival.query
        for (name, text) in query.sorted(by: { $0.key < $1.key }) {
            guard let parameter = route.query.first(where: { $0.name == name }) else {
                var problem = Problem(.badRequest, "invalid", "there is no such parameter here", member: name)
                let names = route.query.map(\.name)
                if !names.isEmpty { problem.suggestion = "parameters are \(names.joined(separator: ", "))" }
                throw problem
            }
            var value = Received.text(text)
            switch parameter.schema {
            case .number: value = Int64(text).map(Received.number) ?? value
            case .flag: value = Desk.flags[text] ?? value
            default: break
            }
            do {
                try parameter.schema.check(value, at: name)
            } catch {
                throw Problem(
                    .badRequest, error.code, error.detail, member: error.member, suggestion: error.suggestion)
            }
        }
        return query
    }

    private func body(of arrival: Arrival, _ route: Route) throws(Problem) -> Body {
        guard let schema = route.body else {
            guard arrival.bytes.isEmpty else {
                throw Problem(.badRequest, "malformed", "this takes no body")
            }
            return Body(.object([:]))
        }
        let type = arrival.fields[.contentType]?.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        guard type == "application/json" else {
            throw Problem(
                .unsupportedMediaType, "unsupported_media_type", "the body is application/json",
                member: "Content-Type")
        }
        let received = try Received(bytes: arrival.bytes)
        try schema.check(received)
        return Body(received)
    }
}

/// Does what the governor or the ledger may not be able to.
func governed<Answer>(_ body: () throws(GovernanceError) -> Answer) throws(Problem) -> Answer {
    do { return try body() } catch { throw Problem(error) }
}

/// The same for the ledger.
func recorded<Answer>(_ body: () throws(LedgerError) -> Answer) throws(Problem) -> Answer {
    do { return try body() } catch { throw Problem(error) }
}
