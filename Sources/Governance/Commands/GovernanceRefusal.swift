/// Why a command changes nothing.
package struct GovernanceRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// Which kind of reason it is.
    package let code: Code
    /// What is wrong, as one sentence.
    package let message: String
    /// What would be right.
    package let suggestion: String?
    /// The member of the command that is wrong.
    package let member: String?

    /// The kinds of reasons; the raw values are API.
    package enum Code: String, CaseIterable, Sendable {
        /// Something in the command cannot be, whatever holds.
        case invalid
        /// What it is about is not there.
        case unknown
        /// What it would make is there.
        case exists
        /// What it is about is not in the state for it.
        case conflict
        /// The policy sets a bound to it.
        case outOfBounds = "out_of_bounds"
        /// Who asks may not do it.
        case forbidden
        /// Who asks may do it, and not to themselves or to what they asked for.
        case separationOfDuties = "separation_of_duties"
        /// What it is about was changed since it was read.
        case stale
    }

    /// States a reason.
    package init(_ code: Code, _ message: String, member: String? = nil, suggestion: String? = nil) {
        self.code = code
        self.message = message
        self.member = member
        self.suggestion = suggestion
    }

    /// Message and suggestion.
    package var description: String { suggestion.map { "\(message); \($0)" } ?? message }
}
