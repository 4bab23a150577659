internal import Admission
internal import NIOCore
internal import Policy
internal import Vocabulary

/// The body of `POST /v1/quarantines`: somebody is put into quarantine by hand.
struct QuarantineCall {
    /// Whom.
    let subject: Quarantine.Subject
    /// What happens to them.
    let action: AbuseRule.Action
    /// For how long.
    let lasting: Nanoseconds
    /// Why.
    let reason: String
    /// Who does it.
    let operatorName: String

    /// What a call has.
    private static let members = "kind, name, action, seconds, reason and operator"
    /// The longest text of a member, in bytes.
    private static let textBytesMax = 512

    /// The members as they were written.
    private struct Members {
        var kind: String?
        var name: String?
        var action: String?
        var seconds: Int64?
        var reason: String?
        var operatorName: String?
    }

    /// Reads a body.
    ///
    /// - Throws: the first thing that is wrong.
    init(_ body: ByteBuffer, _ scanner: inout JSONScanner) throws(JSONError) {
        scanner.load(body.readableBytesUInt8Span)
        try scanner.beginObject()
        let start = scanner.offset - 1
        var members = Members()
        while let name = try scanner.nextMember() {
            switch scanner.string(name) {
            case "kind": members.kind = try QuarantineCall.text(&scanner)
            case "name": members.name = try QuarantineCall.text(&scanner)
            case "action": members.action = try QuarantineCall.text(&scanner)
            case "reason": members.reason = try QuarantineCall.text(&scanner)
            case "operator": members.operatorName = try QuarantineCall.text(&scanner)
            case "seconds": members.seconds = try scanner.readInteger(atLeast: 1)
            default: throw scanner.invalid("is an unknown member; a quarantine has \(QuarantineCall.members)")
            }
        }
        try scanner.end()
        guard let problem = QuarantineCall.problem(with: members) else {
            let kind = AbuseRule.SubjectKind.allCases.first { $0.name == members.kind }
            let subject = kind.flatMap { Quarantine.Subject(kind: $0, name: members.name ?? "") }
            let action = AbuseRule.Action.allCases.first { $0.name == members.action }
            guard let subject, let action else { throw scanner.invalid("names no subject", at: start) }
            self.subject = subject
            self.action = action
            lasting = .seconds(members.seconds ?? 0)
            reason = members.reason ?? ""
            operatorName = members.operatorName ?? ""
            return
        }
        throw scanner.invalid(problem, at: start)
    }

    /// A text of one line, which stands in records and on terminals.
    private static func text(_ scanner: inout JSONScanner) throws(JSONError) -> String {
        let start = scanner.offset
        let range = try scanner.readString()
        let text = scanner.string(range)
        let isPlain = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        guard !range.isEmpty, range.count <= textBytesMax, isPlain else {
            throw scanner.invalid("must be a text of 1 to \(textBytesMax) bytes in one line", at: start)
        }
        return text
    }

    private static func problem(with members: Members) -> String? {
        let kinds = AbuseRule.SubjectKind.allCases.map(\.name)
        let actions = AbuseRule.Action.allCases.filter { $0 != .report }.map(\.name)
        guard let word = members.kind, let kind = AbuseRule.SubjectKind.allCases.first(where: { $0.name == word })
        else { return "must have a `kind`, one of \(kinds.joined(separator: ", "))" }
        guard let name = members.name else { return "must have a `name`: that of the \(word)" }
        guard Quarantine.Subject(kind: kind, name: name) != nil else {
            return kind == .address
                ? "has a `name` that is no address of a client; write 192.0.2.7 or 2001:db8::7"
                : "has a `name` that is no prefix; write 198.51.100.0/24 or 2001:db8::/64, at least /8 or /16"
        }
        guard let action = members.action, actions.contains(action) else {
            return "must have an `action`, one of \(actions.joined(separator: ", "))"
        }
        guard let seconds = members.seconds, seconds <= AbuseRule.lastsMax.secondsRoundedUp else {
            return "must have `seconds`, at most \(AbuseRule.lastsMax.secondsRoundedUp)"
        }
        if members.reason == nil { return "must have a `reason`: a sentence for whoever asks later" }
        return members.operatorName == nil ? "must have an `operator`: who answers for it" : nil
    }
}
