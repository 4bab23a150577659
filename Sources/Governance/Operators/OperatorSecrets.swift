package import Access
internal import Vocabulary

/// What an operator signs in with: never in the ledger, which forgets nothing.
///
/// The codes that were accepted are there, in the records of signing in: so of two processes that see the same code at
/// once one is refused by the version of the operator's stream.
package struct OperatorSecrets: Hashable, Sendable {
    /// The hash of the password; `nil` until the operator has set one.
    package var password: PasswordHash?
    /// What the operator's app shares.
    package var code: CodeSecret?
    /// What stands in for a lost phone.
    package var recovery: RecoveryCodes

    /// States what an operator signs in with.
    package init(
        password: PasswordHash? = nil, code: CodeSecret? = nil, recovery: RecoveryCodes = RecoveryCodes(hashes: [])
    ) {
        self.password = password
        self.code = code
        self.recovery = recovery
    }

    /// Draws a mark: under which secrets are kept, and by which the ledger says that they count.
    package static func drawMark(using generator: inout some RandomNumberGenerator) -> String {
        String(decoding: Crockford.random(count: 16, using: &generator), as: UTF8.self)
    }

    /// The version of the form.
    private static let form: UInt64 = 1

    /// The form in which they are kept.
    var bytes: [UInt8] {
        var writer = CompactWriter()
        writer.append(OperatorSecrets.form)
        writer.append(password?.description)
        writer.append(code?.base32)
        writer.append(UInt64(recovery.hashes.count))
        for hash in recovery.hashes { writer.append(hash.description) }
        return writer.bytes
    }

    /// Reads what was kept; `nil` if it is nothing of the kind.
    init?(bytes: [UInt8]) {
        do {
            var reader = CompactReader(bytes)
            guard try reader.unsigned() == OperatorSecrets.form else { return nil }
            let password = try reader.optionalText()
            let code = try reader.optionalText()
            let count = try reader.unsigned()
            guard count <= UInt64(RecoveryCodes.count) else { return nil }
            let hashes = try (0..<count).map { _ in SecretHash(try reader.text()) }
            guard reader.isAtEnd, hashes.allSatisfy({ $0 != nil }) else { return nil }
            self.init(
                password: password.flatMap { PasswordHash($0) }, code: code.flatMap { CodeSecret(base32: $0) },
                recovery: RecoveryCodes(hashes: hashes.compactMap { $0 }))
            guard (self.password == nil) == (password == nil), (self.code == nil) == (code == nil) else { return nil }
        } catch {
            return nil
        }
    }
}
