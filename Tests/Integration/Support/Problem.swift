import Foundation
import Testing

/// What every refusal must say in its body (RFC 9457), whoever writes it.
struct Problem: Decodable {
    /// The problem type, a URI.
    let type: String
    /// What kind of thing went wrong.
    let title: String
    /// The status, as in the status line.
    let status: Int
    /// Headgate's reason code.
    let reason: String

    /// The problem types of draft-ietf-httpapi-ratelimit-headers-11 begin with this.
    static let types = "https://iana.org/assignments/http-problem-types#"
}

extension HTTPResponse {
    /// Expects a refusal of one kind, told in the same words in status, fields and body.
    func expectRefusal(
        _ status: Int, reason: String, type: String = "about:blank", sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(self.status == status, sourceLocation: sourceLocation)
        #expect(self["Headgate-Reason"] == reason, sourceLocation: sourceLocation)
        try #require(self["Content-Type"] == "application/problem+json", sourceLocation: sourceLocation)
        let problem = try JSONDecoder().decode(Problem.self, from: Data(message.body))
        #expect(problem.status == status, sourceLocation: sourceLocation)
        #expect(problem.reason == reason, sourceLocation: sourceLocation)
        #expect(problem.type == type, sourceLocation: sourceLocation)
        #expect(!problem.title.isEmpty, sourceLocation: sourceLocation)
        // A refused client comes again; a connection of its own each time would make refusals dearer than answers.
        #expect(self["Connection"]?.lowercased() != "close", sourceLocation: sourceLocation)
    }

    /// Expects the fields that name a decision.
    func expectDecision(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(self["Headgate-Decision"]?.count == 26, sourceLocation: sourceLocation)
        #expect(self["Headgate-Policy"]?.hasPrefix("sha256:") == true, sourceLocation: sourceLocation)
    }

    /// Expects `RateLimit` and `RateLimit-Policy` in the form of draft -11, each in one field.
    func expectLimits(sourceLocation: SourceLocation = #_sourceLocation) {
        let states = (self["RateLimit"] ?? "").split(separator: ", ", omittingEmptySubsequences: false)
        let policies = (self["RateLimit-Policy"] ?? "").split(separator: ", ", omittingEmptySubsequences: false)
        #expect(states.count == policies.count, sourceLocation: sourceLocation)
        for state in states {
            #expect(state.wholeMatch(of: /"[a-z-]+";r=\d+;t=\d+/) != nil, sourceLocation: sourceLocation)
        }
        for policy in policies {
            #expect(policy.wholeMatch(of: /"[a-z-]+";q=\d+;w=\d+/) != nil, sourceLocation: sourceLocation)
        }
    }
}
