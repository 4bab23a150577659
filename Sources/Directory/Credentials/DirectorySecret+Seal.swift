internal import Crypto

/// Keeping things that have to be read again, such as keys that sign, where others may read along.
extension DirectorySecret {
    /// What the key of seals is derived for, so that it has nothing to do with that of hashes (RFC 5869).
    private static let purpose = Array("headgate seal 1".utf8)

    /// Encrypts bytes so that only who has the secret can read them, and only under the same name.
    ///
    /// AES-256-GCM with a random nonce; the name is authenticated with it, so that nobody can put what belongs to one
    /// name under another.
    ///
    /// - Returns: nonce, ciphertext and tag: 28 bytes more.
    package func seal(_ bytes: [UInt8], as name: String) -> [UInt8] {
        do {
            let box = try AES.GCM.seal(bytes, using: sealKey, authenticating: Array(name.utf8))
            guard let combined = box.combined else { preconditionFailure("a nonce of 12 bytes is combined") }
            return Array(combined)
        } catch {
            preconditionFailure("AES-GCM takes any bytes below 64 GiB (had \(bytes.count)): \(error)")
        }
    }

    /// Reads what `seal` made; `nil` for anything else, under another name, or under another secret.
    package func open(_ bytes: [UInt8], as name: String) -> [UInt8]? {
        guard let box = try? AES.GCM.SealedBox(combined: bytes) else { return nil }
        return (try? AES.GCM.open(box, using: sealKey, authenticating: Array(name.utf8))).map { Array($0) }
    }

    private var sealKey: SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: bytes), info: DirectorySecret.purpose, outputByteCount: 32)
    }
}
