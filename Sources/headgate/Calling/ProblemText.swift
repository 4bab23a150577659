internal import Foundation
internal import Journal

/// Why a server does not do what was asked for, as people read it: what is wrong, where, and what to write instead.
struct ProblemText {
    /// The status of the answer.
    let status: Int
    /// The kind, for programs; `nil`: the answer is no problem document.
    let code: String?
    /// What is wrong.
    let detail: String
    /// What of the request is wrong.
    let member: String?
    /// What would be right.
    var suggestion: String?
    /// The challenge that has to be confirmed.
    let challenge: String?
    /// What is wrong with the documents of a policy, a line each.
    let diagnostics: [String]

    /// Reads an answer that is not good.
    init(_ answer: HTTPExchange.Answer) {
        let document = try? JSONDecoder().decode(Document.self, from: Data(answer.body))
        status = answer.status
        code = document?.code
        detail = document?.detail ?? "the server answers \(answer.status): \(answer.text.prefix(200))"
        member = document?.member
        let wait = answer.field("Retry-After").map { "try again in \($0) s" }
        suggestion = document?.suggestion ?? wait
        challenge = document?.challenge?.id
        diagnostics = (document?.diagnostics ?? []).map(\.text)
    }

    /// Complete lines.
    var text: String {
        let place = member.map { "\($0): " } ?? ""
        var lines = ["error: \(place)\(detail)".forTerminal]
        if let suggestion { lines.append("  help: \(suggestion)".forTerminal) }
        lines += diagnostics.map(\.forTerminal)
        return lines.joined(separator: "\n") + "\n"
    }

    private struct Document: Decodable {
        let detail: String
        let code: String?
        let member: String?
        let suggestion: String?
        let challenge: Challenge?
        let diagnostics: [Finding]?
    }

    private struct Challenge: Decodable { let id: String }

    private struct Finding: Decodable {
        let severity: String
        let message: String
        let file: String?
        let line: Int
        let column: Int
        let suggestion: String?

        var text: String {
            "\(file ?? ""):\(line):\(column): \(severity): \(message)" + (suggestion.map { "; \($0)" } ?? "")
        }
    }
}
