package import Directory
package import Ledger

/// Keeps the private halves of signing keys beside the ledger, for all servers on it: the ledger forgets nothing, and
/// everybody who may read it would be able to sign.
///
/// They are sealed under the secret of the data folder, each under the name of its key. Which of them count the ledger
/// says by their public halves, and the name of a key follows from that; so nobody can put another one in its place.
package struct SigningKeyVault: Sendable {
    private let store: any LedgerStore
    private let secret: DirectorySecret

    /// Looks at a store.
    package init(_ store: any LedgerStore, secret: DirectorySecret) {
        self.store = store
        self.secret = secret
    }

    /// The private half of a key; `nil` if none is kept.
    ///
    /// - Throws: `damaged` if it cannot be read.
    package func privateText(ofKey id: String) throws(LedgerError) -> String? {
        guard let saved = try store.snapshot(named: SigningKeyVault.name(id)), !saved.bytes.isEmpty else { return nil }
        guard let bytes = secret.open(saved.bytes, as: SigningKeyVault.name(id)) else {
            throw LedgerError(
                .damaged,
                "the signing key \(id) cannot be read: it is damaged, or keys.secret in the data folder is not that of "
                    + "the other servers on this ledger")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Keeps the private half of a key.
    package func save(_ privateText: String, ofKey id: String) throws(LedgerError) {
        let name = SigningKeyVault.name(id)
        try store.save(LedgerSnapshot(name: name, sequence: 0, bytes: secret.seal(Array(privateText.utf8), as: name)))
    }

    /// Lets go of the private half of a key that signs no more.
    package func forget(key id: String) throws(LedgerError) {
        try store.save(LedgerSnapshot(name: SigningKeyVault.name(id), sequence: 0, bytes: []))
    }

    private static func name(_ id: String) -> String { "signing-key/\(id)" }
}
