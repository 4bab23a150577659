package import Access
package import Directory
package import Ledger

/// Keeps what operators sign in with, beside the ledger: where its records are, and not among them.
///
/// Each set of secrets has a mark of its own, and the ledger says which mark counts (`operator.credentials_changed`).
/// So secrets are kept before they count, and what no record names counts for nothing, whoever has written it. They are
/// sealed under the secret of the keys: a copy of the file alone makes no codes.
package struct OperatorVault: Sendable {
    private let store: any LedgerStore
    private let secret: DirectorySecret

    /// Looks at a store.
    ///
    /// `secret`: that of the data folder, the same for all servers on one ledger.
    package init(_ store: any LedgerStore, secret: DirectorySecret) {
        self.store = store
        self.secret = secret
    }

    /// What an operator signs in with; nothing if the ledger names nothing.
    ///
    /// - Throws: `damaged` if something was kept and cannot be read: signing in without it would be open to others.
    package func secrets(of name: OperatorName, mark: String?) throws(LedgerError) -> OperatorSecrets {
        guard let mark else { return OperatorSecrets() }
        let key = OperatorVault.key(of: name, mark)
        guard let saved = try store.snapshot(named: key), !saved.bytes.isEmpty else { return OperatorSecrets() }
        guard let secrets = secret.open(saved.bytes, as: key).flatMap({ OperatorSecrets(bytes: $0) }) else {
            throw LedgerError(
                .damaged,
                "what \(name) signs in with cannot be read: it is damaged, or keys.secret is another one; have another "
                    + "platform admin reset it (POST /v1/operators/\(name)/credentials), or use headgate enrol")
        }
        return secrets
    }

    /// Keeps what an operator signs in with, in place of what was kept under that mark.
    package func save(_ secrets: OperatorSecrets, of name: OperatorName, mark: String) throws(LedgerError) {
        let key = OperatorVault.key(of: name, mark)
        try store.save(LedgerSnapshot(name: key, sequence: 0, bytes: secret.seal(secrets.bytes, as: key)))
    }

    /// Lets go of secrets that do not count any more.
    package func forget(_ name: OperatorName, mark: String?) throws(LedgerError) {
        guard let mark else { return }
        try store.save(LedgerSnapshot(name: OperatorVault.key(of: name, mark), sequence: 0, bytes: []))
    }

    private static func key(of name: OperatorName, _ mark: String) -> String { "operator/\(name)/\(mark)" }
}
