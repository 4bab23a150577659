internal import Foundation
package import Vocabulary

/// The files of a ledger in a data folder: the records, the key that signs, and the key that checks.
package struct LedgerFolder: Sendable {
    /// The data folder.
    package let path: String

    /// Names a folder; looks at nothing.
    package init(path: String) { self.path = path }

    /// The records, as a SQLite file.
    package var recordsPath: String { path + "/ledger.sqlite" }
    /// The key that signs checkpoints; whoever has it can sign another history.
    package var signerPath: String { path + "/ledger.key" }
    /// The key that checks them; to be given to everybody who shall.
    package var verifierPath: String { path + "/ledger.vkey" }

    /// Opens the ledger for appending; makes one with a new key if there is none, of the given name or one by chance.
    package func open(
        origin: String? = nil, clock: @escaping @Sendable () -> WallTime
    ) throws(LedgerError) -> LedgerWriter {
        let isNew = !FileManager.default.fileExists(atPath: recordsPath)
        let signer = try signer(isNew: isNew, origin: origin)
        // Nobody else's to read: what operators sign in with is kept beside the records. SQLite's other files follow.
        if isNew {
            _ = FileManager.default.createFile(
                atPath: recordsPath, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        return try LedgerWriter(store: try SQLiteLedgerStore(path: recordsPath), signer: signer, clock: clock)
    }

    /// The key that signs; for a new ledger one is made if there is none, of the given name or one by chance.
    package func signer(isNew: Bool, origin: String? = nil) throws(LedgerError) -> NoteSigner {
        if isNew { try makeKey(origin: origin ?? LedgerFolder.origin()) }
        try checkSecrecy()
        return try NoteSigner(text: try line(signerPath, what: "signing key"))
    }

    /// Opens the ledger for reading.
    package func openForReading() throws(LedgerError) -> SQLiteLedgerStore {
        guard FileManager.default.fileExists(atPath: recordsPath) else {
            throw LedgerError(.noLedger, "there is no ledger in \(path); name a data folder that has one with --data")
        }
        return try SQLiteLedgerStore(readingFrom: recordsPath)
    }

    /// A name that no other ledger has: that of the program and 64 random bits.
    private static func origin() -> String { "headgate/ledger/" + Hexadecimal.text(Chance.bytes(count: 8)) }

    /// Writes both keys, unless they are there from an attempt that went no further.
    private func makeKey(origin: String) throws(LedgerError) {
        guard !FileManager.default.fileExists(atPath: signerPath) else { return }
        let signer = try NoteSigner(name: origin)
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try AtomicFile.write(Array("\(signer.verifier.text)\n".utf8), to: verifierPath, permissions: 0o644)
            try AtomicFile.write(Array("\(signer.text)\n".utf8), to: signerPath, permissions: 0o600)
        } catch {
            throw LedgerError(
                .readOnly, "the keys of a new ledger cannot be written to \(path); check its owner and permissions",
                cause: error.localizedDescription)
        }
    }

    /// Whoever reads the key can sign another history.
    ///
    /// - Throws: `invalid` when others than the owner may read or write it.
    private func checkSecrecy() throws(LedgerError) {
        let mode = (try? FileManager.default.attributesOfItem(atPath: signerPath))?[.posixPermissions] as? NSNumber
        guard let mode = mode?.intValue, mode & 0o077 != 0 else { return }
        throw LedgerError(
            .invalid,
            "\(signerPath) is open to others (mode \(String(mode, radix: 8))); chmod 600 \(signerPath), and if somebody "
                + "may have read it, keep a checkpoint of the ledger elsewhere: headgate ledger push")
    }

    private func line(_ path: String, what: String) throws(LedgerError) -> String {
        do {
            return try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        } catch {
            throw LedgerError(
                .unavailable, "the ledger's \(what) cannot be read from \(path); restore it from a copy",
                cause: error.localizedDescription)
        }
    }
}
