internal import Policy

/// The kinds of mistakes that only directories have.
extension DiagnosticCode {
    /// A governed class that no principal may claim.
    static let unclaimableClass = DiagnosticCode("unclaimable-class")
    /// Something that a tenant was granted and the policy cannot give.
    static let unfitGrant = DiagnosticCode("unfit-grant")
    /// Keys that were hashed under another secret than the one at hand, or under one that is not at hand.
    static let wrongSecret = DiagnosticCode("wrong-secret")
    /// A key that stands in a file in plain text.
    static let exposedKey = DiagnosticCode("exposed-key")
}
