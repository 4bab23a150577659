/// Why a request to one of the OAuth endpoints is refused: the error of RFC 6749 §5.2, and a sentence.
package struct OAuthRefusal: Error, Hashable, Sendable {
    /// The code, for programs.
    package let code: Code
    /// What was wrong and what to send instead, for people: printable ASCII without quotes and backslashes, which is
    /// all that `error_description` may hold.
    package let detail: String

    /// The codes that are used here.
    package enum Code: String, CaseIterable, Sendable {
        /// A parameter is missing, stands twice or cannot be read.
        case invalidRequest = "invalid_request"
        /// The client is not known, or did not prove who it is.
        case invalidClient = "invalid_client"
        /// The client asks for something that its entitlement does not have, or that does not exist.
        case invalidScope = "invalid_scope"
        /// The client is known and gets no tokens.
        case unauthorizedClient = "unauthorized_client"
        /// Another grant than `client_credentials`.
        case unsupportedGrantType = "unsupported_grant_type"
        /// Too many requests of this client (RFC 6749 §4.1.2.1 has the word).
        case temporarilyUnavailable = "temporarily_unavailable"
    }

    /// States a refusal; characters that the description may not hold are replaced.
    package init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = String(
            String.UnicodeScalarView(
                detail.unicodeScalars.map { scalar in
                    (0x20...0x7E).contains(scalar.value) && scalar != "\"" && scalar != "\\" ? scalar : "?"
                }))
    }
}
