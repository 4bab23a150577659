/// The answer of `GET /v1/quarantines`.
struct QuarantineListing: Decodable {
    /// The entries, oldest first.
    let quarantines: [QuarantineEntry]
}

/// One entry as the server answers it.
struct QuarantineEntry: Decodable {
    /// Its name.
    let id: String
    /// What kind of subject.
    let kind: String
    /// The subject's name.
    let name: String
    /// What happens to its requests.
    let action: String
    /// `enforce` or `shadow`.
    let stage: String
    /// The rule, unless it was done by hand.
    let rule: String?
    /// Who did it by hand.
    let `operator`: String?
    /// Why.
    let reason: String
    /// Until when.
    let until: String
    /// The numbers that spoke for it.
    let evidence: String

    /// One line for people.
    var text: String {
        let author = rule.map { "rule \($0)" } ?? "by \(self.operator ?? "somebody")"
        let mode = stage == "enforce" ? "" : " (\(stage))"
        let numbers = evidence.isEmpty ? "" : " [\(evidence)]"
        return "\(id)  \(kind) \(name)  \(action)\(mode) until \(until)  \(author): \(reason)\(numbers)\n"
    }
}

/// The body of `POST /v1/quarantines`.
struct QuarantineAddition: Encodable {
    /// What kind of subject.
    let kind: String
    /// The subject's name.
    let name: String
    /// What happens to its requests.
    let action: String
    /// For how long.
    let seconds: Int64
    /// Why.
    let reason: String
    /// Who answers for it.
    let `operator`: String
}
