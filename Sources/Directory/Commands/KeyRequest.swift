internal import Policy
package import Vocabulary

/// A wish for a new key.
package struct KeyRequest: Sendable {
    /// Whose principal gets it.
    package var owner: Principal.Owner
    /// Which principal, by name.
    package var principal: String
    /// With which classes the principal is made if it does not exist; `nil`: it must exist.
    package var classesOfNewPrincipal: [String]?
    /// What the key is for.
    package var label: String?
    /// The first moment at which it is no longer accepted; `nil`: never.
    package var expires: WallTime?

    /// States a wish.
    package init(
        owner: Principal.Owner, principal: String, classesOfNewPrincipal: [String]? = nil, label: String? = nil,
        expires: WallTime? = nil
    ) {
        self.owner = owner
        self.principal = principal
        self.classesOfNewPrincipal = classesOfNewPrincipal
        self.label = label
        self.expires = expires
    }

    /// The longest label, in characters.
    private static let labelLengthMax = 200

    /// Makes sure that the wish can be granted by some directory.
    ///
    /// - Throws: `invalidRequest`.
    func check(at now: WallTime) throws(DirectoryError) {
        if let expires, expires <= now {
            throw DirectoryError(
                .invalidRequest, "the key would expire at \(Timestamp.text(expires)), which is over",
                suggestion: "give a later moment, or none for a key that does not expire")
        }
        if let label, !KeyRequest.isLabel(label) {
            throw DirectoryError(
                .invalidRequest, "a label is one line of 1 to \(KeyRequest.labelLengthMax) characters")
        }
        guard DirectoryName.isValid(principal) else {
            throw DirectoryError(
                .invalidRequest, "\(principal.quoted) is not a name",
                suggestion: "names are made of \(DirectoryName.rule)")
        }
        var decoding = Decoding()
        let nowhere = SourceSpan(file: 0, line: 1, column: 1, length: 0)
        for name in classesOfNewPrincipal ?? [] where !decoding.check(name: Located(name, at: nowhere)) {
            throw DirectoryError(
                .invalidRequest, "\(name.quoted) is not the name of a class",
                suggestion: decoding.log.diagnostics.first?.suggestion)
        }
    }

    private static func isLabel(_ text: String) -> Bool {
        guard text.contains(where: { !$0.isWhitespace }), text.unicodeScalars.count <= labelLengthMax else {
            return false
        }
        return text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
            default: true
            }
        }
    }
}

/// A key that was made, at the only time at which its text is there.
package struct IssuedKey: Sendable {
    /// The text to give to whoever asked; it is stored nowhere.
    package let credential: Credential
    /// What the directory knows of it.
    package let key: APIKey
    /// Whose key it is: `acme/web`.
    package let principal: String
    /// The lines to add by hand, where the file's layout is none that a command understands; the file is then as it
    /// was.
    package let linesToAdd: String?
}

/// A key that was withdrawn.
package struct RevokedKey: Sendable {
    /// What the directory knows of it.
    package let key: APIKey
    /// Whose key it is: `acme/web`.
    package let principal: String
    /// Whether it had been revoked before; the first moment stays.
    package let wasRevokedBefore: Bool
    /// What to add by hand, where the file's layout is none that a command understands; the file is then as it was.
    package let linesToAdd: String?
}
