internal import HTTPTypes
internal import Access
internal import Directory
internal import Governance
internal import Vocabulary

/// A call that may be made, with everything that a handler looks at.
struct Call: Sendable {
    /// What the call is made of.
    let request: Arrival
    /// What stands in the place of the path's parameters.
    let parameters: [String: String]
    /// The query.
    let query: [String: String]
    /// The body, which fits the route's schema.
    let body: Body
    /// Who makes it; `nil` where anybody may.
    let caller: Caller?
    /// What answers it.
    let desk: Desk
    /// When.
    let now: WallTime

    /// Who makes it.
    ///
    /// - Throws: where nobody has shown who they are, which the desk has made sure of.
    func authority() throws(Problem) -> Authority {
        guard let caller else { throw .unauthenticated("this needs an operator") }
        return caller.authority
    }

    /// A parameter of the path.
    func parameter(_ name: String) throws(Problem) -> String {
        guard let text = parameters[name] else { throw .unknown("there is nothing here", name) }
        return text
    }

    /// Whose principals the path is about.
    var owner: Principal.Owner { parameters["tenant"].map { .tenant($0) } ?? .platform }

    /// The page that the query asks for.
    var page: Page {
        get throws(Problem) {
            var after: String?
            if let cursor = query["cursor"] {
                guard let key = Page.key(of: cursor) else {
                    throw Problem(
                        .badRequest, "invalid", "this is no cursor", member: "cursor",
                        suggestion: "take next_cursor of the page before as it is")
                }
                after = key
            }
            return Page(after: after, limit: query["limit"].flatMap { Int($0) } ?? Page.limitUsual)
        }
    }

    /// Carries a command out for the caller.
    ///
    /// - Parameters:
    ///   - command: what is wanted.
    ///   - version: the version at which the stream must be, in place of what `If-Match` says.
    /// - Returns: what came of it.
    /// - Throws: why it was not carried out.
    @discardableResult
    func execute(
        _ command: GovernanceCommand, expecting version: Int64? = nil
    ) async throws(Problem) -> Governor.Outcome {
        let authority = try authority()
        // Each reading of the ledger is recorded, and none stands for another.
        let isReading = if case .readAudit = command { true } else { false }
        let expected =
            if let version { version } else if isReading { nil as Int64? } else { try request.expectedVersion }
        do {
            return try await desk.governor.execute(
                command, by: authority, id: isReading ? "" : request.commandID(of: authority.name), expecting: expected)
        } catch {
            throw Problem(error)
        }
    }

    /// Makes sure that who replaces something says what they have read.
    func requireVersion(replacing isThere: Bool) throws(Problem) {
        guard isThere, try request.expectedVersion == nil else { return }
        throw Problem(
            .preconditionRequired, "precondition_required", "this is there already, and would be replaced",
            member: "If-Match", suggestion: "read it, and send its ETag as If-Match")
    }

    /// A moment in the body.
    func moment(_ name: String) -> EventTime? {
        body.optionalText(name).flatMap(Timestamp.moment).map(EventTime.init)
    }

    /// A moment in the body; where it says none, now, and in a repeat what was now the first time.
    ///
    /// A repeat would otherwise be another command than the first one.
    func momentOrNow(_ name: String) throws(Problem) -> EventTime {
        if let stated = moment(name) { return stated }
        let id = request.commandID(of: try authority().name)
        let found = try governed { () throws(GovernanceError) in try desk.governor.remembered(id) }
        guard let record = found?.record, let payload = try? Received(bytes: record.payload),
            let told = Body(payload).optionalText(name).flatMap(Timestamp.moment)
        else { return EventTime(now) }
        return EventTime(told)
    }

    /// The session in which it is made.
    func session() throws(Problem) -> Session {
        guard let session = caller?.session else { throw .unauthenticated("this needs a session") }
        return session
    }

    /// A copy of what holds.
    var registry: Registry { desk.governor.read { copy $0 } }
}

extension Problem {
    /// Nobody has shown who they are.
    static func unauthenticated(_ detail: String) -> Problem {
        var problem = Problem(
            .unauthorized, "unauthenticated", detail,
            suggestion: "sign in at /v1/sessions, or send a token as Authorization: Bearer hg_op_…")
        problem.fields[.wwwAuthenticate] = "Bearer realm=\"headgate\""
        return problem
    }
}
