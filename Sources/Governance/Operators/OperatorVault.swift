package import Access
package import Ledger

/// Keeps what operators sign in with, beside the ledger: where its records are, and not among them.
///
/// A change is announced in the ledger first (`operator.credentials_changed`), so that it cannot go unnoticed.
package struct OperatorVault: Sendable {
    private let store: any LedgerStore

    /// Looks at a store.
    package init(_ store: any LedgerStore) { self.store = store }

    /// What an operator signs in with; nothing if nothing was kept.
    ///
    /// - Throws: `damaged` if something was kept and cannot be read: signing in without it would be open to others.
    package func secrets(of name: OperatorName) throws(LedgerError) -> OperatorSecrets {
        guard let saved = try store.snapshot(named: OperatorVault.key(of: name)), !saved.bytes.isEmpty else {
            return OperatorSecrets()
        }
        guard let secrets = OperatorSecrets(bytes: saved.bytes) else {
            throw LedgerError(
                .damaged,
                "what \(name) signs in with cannot be read; have another platform admin reset it: "
                    + "POST /v1/operators/\(name)/credentials")
        }
        return secrets
    }

    /// Keeps what an operator signs in with, in place of what was kept.
    package func save(_ secrets: OperatorSecrets, of name: OperatorName) throws(LedgerError) {
        try store.save(LedgerSnapshot(name: OperatorVault.key(of: name), sequence: 0, bytes: secrets.bytes))
    }

    private static func key(of name: OperatorName) -> String { "operator/\(name)" }
}
