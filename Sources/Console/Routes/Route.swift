internal import Access
internal import HTTPTypes

/// One call of the control API: where it is, who may make it, what it takes and gives, and what it does.
///
/// The table of these (`Route.all`) is the only description there is: the server answers by it, the OpenAPI document is
/// printed from it, and the authorization matrix is tested by what is printed. A route without an access does not
/// compile.
struct Route: Sendable {
    /// The method.
    let method: HTTPRequest.Method
    /// The path; parts in braces are parameters.
    let path: String
    /// Names the call in clients.
    let id: String
    /// The group in the document.
    let tag: String
    /// What it does, as one sentence.
    let summary: String
    /// Who may make it.
    let access: Access
    /// Parameters of the query.
    var query: [Parameter] = []
    /// What the body is; `nil`: there is none.
    var body: Schema?
    /// What the answer is.
    let answer: Answer
    /// What is asked of `If-Match`.
    var precondition = Precondition.none
    /// Does it.
    let handle: @Sendable (Call) async throws -> Reply

    /// Who may make a call, and how it is found out what it is about.
    enum Access: Hashable, Sendable {
        /// Anybody.
        case anybody
        /// Any operator in a session, about themselves, also where it is there only to set a password and a phone.
        case enrolling
        /// Any operator, about themselves; with tokens only where somebody looks.
        case operatorsThemselves(byToken: Bool)
        /// Who has this permission for the platform.
        case platform(Permission)
        /// Who has this permission for the tenant that the path names.
        case tenant(Permission)
        /// Who has this permission somewhere; the list holds what is there.
        case narrowed(Permission)

        /// The permission.
        var permission: Permission? {
            switch self {
            case .anybody, .enrolling, .operatorsThemselves: nil
            case .platform(let permission), .tenant(let permission), .narrowed(let permission): permission
            }
        }

        /// Whether a fresh proof of who acts is needed.
        var needsProof: Bool { permission?.isPrivileged ?? false }
    }

    /// A parameter of the query.
    struct Parameter: Sendable {
        /// Its name.
        let name: String
        /// What it may be.
        let schema: Schema
        /// What it does.
        let summary: String
    }

    /// What a call is answered when all is well.
    struct Answer: Sendable {
        /// The status.
        var status: HTTPResponse.Status = .ok
        /// The body as JSON; `nil`: none, or a text.
        var schema: Schema?
        /// The media type of a text.
        var text: String?

        /// JSON.
        static func json(_ schema: Schema, _ status: HTTPResponse.Status = .ok) -> Answer {
            Answer(status: status, schema: schema)
        }

        /// Nothing.
        static let nothing = Answer(status: .noContent)
    }

    /// What is asked of `If-Match`.
    enum Precondition: Sendable {
        /// It means nothing here.
        case none
        /// If it is there, it has to match.
        case honoured
        /// It has to be there where something is replaced.
        case required
    }
}

extension Route {
    /// All there are, in the order of the document.
    static let all: [Route] =
        general + sessions + credentials + tokens + tenants + grants + principals + operators + policies + issuing
        + quarantines + audit + past + usage + reports

    /// The most bytes of a body: what its schema lets it have, and in no case more than such calls need.
    ///
    /// Of what a stranger sends no more is read than a sign-in takes.
    var bodyBytesMax: Int {
        guard let body else { return 0 }
        let bound = access == .anybody ? 8 << 10 : tag == "policies" ? 4 << 20 : 1 << 20
        return min(bound, body.bytesMax)
    }

    /// The parts of the path.
    var parts: [Substring] { path.split(separator: "/") }

    /// The names in braces.
    var parameterNames: [String] {
        parts.filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }
}

extension Route.Parameter {
    /// What every list takes.
    static let page: [Route.Parameter] = [
        .init(name: "limit", schema: .number(1...Int64(Page.limitMax)), summary: "The most items of the page."),
        .init(name: "cursor", schema: .text(1...1_024), summary: "`next_cursor` of the page before."),
    ]
}
