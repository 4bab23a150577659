/// One entry of `tests`: a request and what the policy must make of it.
package struct PolicyTest: Sendable {
    /// The name, or the request in words if the author gave none.
    package let name: String
    /// Where the test stands.
    package let span: SourceSpan
    /// The request.
    package let request: Request
    /// What must hold; at least one thing.
    package let expectations: [Expectation]

    /// What a test asks.
    package struct Request: Sendable {
        /// Which call it is.
        package var target: ClassificationRequest.Target
        /// The tenant's plan; `nil` for a caller without a known credential.
        package var plan: Located<String>?
        /// The class that the caller claims.
        package var claim: Located<String>?
        /// The classes that the principal may claim.
        package var principalClasses: [Located<String>]
        /// Verified facts about the call.
        package var attributes: [(name: String, value: String)]
        /// The operation, where the test names it instead of a path.
        package var operation: Located<String>?
        /// The descriptor that a proxy would send, where the test asks with one; `target` then says nothing.
        package var descriptor: Descriptor?
    }

    /// One thing that must hold.
    package struct Expectation: Sendable {
        /// What is looked at.
        package let member: Member
        /// The word that the answer must have: a name, a number, a reason code, a stage, or `none`.
        package let word: Located<String>
    }

    /// The members of an answer that a test can look at.
    package enum Member: String, CaseIterable, Sendable {
        /// The operation; `none` when no pattern matches.
        case operation
        /// The class.
        case trafficClass = "class"
        /// The tier.
        case tier
        /// The cost.
        case cost
        /// Why the request is refused before any budget is asked; `none` when it is not.
        case reason
        /// The stage of the class outside of blackouts.
        case stage
        /// The limit of a domain with limits of its own, by its name or its label; `none` when no limit applies.
        case limit
    }

    /// An expectation that does not hold.
    package struct Mismatch: Hashable, Sendable {
        /// The name of the test.
        package let test: String
        /// What was looked at: `class`.
        package let member: String
        /// What should be.
        package let expected: String
        /// What is.
        package let found: String
        /// Where the expectation stands.
        package let span: SourceSpan

        /// The mismatch as a diagnostic, to be rendered with the policy's files.
        package var diagnostic: Diagnostic {
            Diagnostic(
                .error, .failedTest,
                "the test \(test.quoted) expects the \(member) \(expected.quoted), but finds \(found.quoted)",
                at: span)
        }
    }
}

extension DiagnosticCode {
    /// An expectation of a test that does not hold.
    package static let failedTest = DiagnosticCode("failed-test")
}
