internal import Governance
internal import HTTPTypes
internal import Ledger
internal import Policy

/// Why a call is not answered as wished: `application/problem+json` (RFC 9457).
struct Problem: Error, Sendable {
    /// The status.
    let status: HTTPResponse.Status
    /// The kind, stable, for programs.
    let code: String
    /// What is wrong, as one sentence.
    let detail: String
    /// The member of the body, the parameter or the header that is wrong.
    var member: String?
    /// What would be right.
    var suggestion: String?
    /// Further members, of certain kinds only.
    var extra: [JSONValue.Member] = []
    /// Fields of the answer.
    var fields = HTTPFields()

    /// States a problem.
    init(
        _ status: HTTPResponse.Status, _ code: String, _ detail: String, member: String? = nil,
        suggestion: String? = nil
    ) {
        self.status = status
        self.code = code
        self.detail = detail
        self.member = member
        self.suggestion = suggestion
    }

    /// A body that says something that cannot be.
    static func invalid(_ detail: String, _ member: String, _ suggestion: String? = nil) -> Problem {
        Problem(
            .unprocessableContent, "invalid", detail, member: member.isEmpty ? nil : member, suggestion: suggestion)
    }

    /// Something that is not there.
    static func unknown(_ detail: String, _ member: String) -> Problem {
        Problem(.notFound, "unknown", detail, member: member)
    }

    /// The document.
    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("type", "about:blank"), .init("title", .string(status.reasonPhrase)),
            .init("status", .integer(Int64(status.code))), .init("detail", .string(detail)),
            .init("code", .string(code)),
        ]
        if let member { members.append(.init("member", .string(member))) }
        if let suggestion { members.append(.init("suggestion", .string(suggestion))) }
        return .object(members + extra)
    }

    /// What the OpenAPI document says of problems.
    static let schema = Schema.named(
        "Problem",
        .object([
            .required("type", .told), .required("title", .told), .required("status", .number(400...599)),
            .required("detail", .told), .required("code", .word, "The kind; stable, for programs."),
            .optional("member", .told, "What of the request is wrong."),
            .optional("suggestion", .told, "What would be right."),
            .optional(
                "challenge",
                .object([.required("id", .word), .required("expires_at", .moment)]),
                "What is to be confirmed at /v1/proofs."),
            .optional("diagnostics", .list(.anything, max: 10_000), "What is wrong with the documents of a policy."),
        ]))
}

extension Problem {
    /// What became of a command.
    init(_ error: GovernanceError) {
        switch error {
        case .refused(let refusal): self.init(refusal)
        case .ledger(let error): self.init(error)
        case .unreadable(let event):
            self.init(.serviceUnavailable, "unavailable", "the ledger cannot be read: \(event)")
        }
    }

    private init(_ refusal: GovernanceRefusal) {
        let status: HTTPResponse.Status =
            switch refusal.code {
            case .invalid, .outOfBounds: .unprocessableContent
            case .unknown: Problem.isOfPath(refusal.member) ? .notFound : .unprocessableContent
            case .exists, .conflict: .conflict
            case .forbidden, .separationOfDuties: .forbidden
            case .stale: .preconditionFailed
            }
        self.init(
            status, refusal.code.rawValue, refusal.message, member: refusal.member, suggestion: refusal.suggestion)
    }

    /// Whether paths name it: plans, classes and regions stand in bodies.
    private static func isOfPath(_ member: String?) -> Bool {
        ["tenant", "principal", "id", "name"].contains(member)
    }

    /// Why the ledger could not do something.
    init(_ error: LedgerError) {
        switch error.code {
        case .unknown: self.init(.notFound, "unknown", error.message)
        case .erased: self.init(.gone, "erased", error.message)
        default: self.init(.serviceUnavailable, "unavailable", error.message)
        }
    }
}
