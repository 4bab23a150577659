internal import Directory
package import Vocabulary

/// The file in the data folder that holds the signing keys, for its owner only.
package struct KeyRingFile: Sendable {
    /// Where it is.
    package let path: String

    /// Longer than any ring: keys of RSA take 2 KiB, and a rotation a minute would leave eleven.
    private static let byteCountMax = 256 << 10

    /// Names the file in a data folder.
    package init(folder: String) { path = folder + "/token-keys.json" }

    /// The ring; `nil` if there is no file yet.
    package func read() throws(Problem) -> SigningKeyRing? {
        let file: FileReading
        do { file = try FileReading(path, byteCountMax: KeyRingFile.byteCountMax) } catch {
            if error.isMissingFile { return nil }
            throw Problem(description: "\(error)")
        }
        guard !file.isOpenToOthers else {
            throw Problem(description: "\(path) is open to others (mode \(file.mode)): chmod 600 \(path)")
        }
        do { return try SigningKeyRing(fileText: String(decoding: file.bytes, as: UTF8.self)) } catch {
            throw Problem(
                description: "\(path): \(error.description); restore it, or remove it: new keys are made then, and "
                    + "tokens that are out are refused")
        }
    }

    /// Writes the ring, all of it or nothing.
    package func write(_ ring: SigningKeyRing) throws(Problem) {
        let text: String
        do { text = try ring.fileText } catch { throw Problem(description: "the signing keys have no text: \(error)") }
        do { try FileStore.replacePrivately(path, with: Array(text.utf8)) } catch {
            throw Problem(description: "\(error)")
        }
    }

    /// The ring, made and written if there is none yet.
    package func readOrMake(_ algorithm: TokenAlgorithm, at now: WallTime) throws(Problem) -> SigningKeyRing {
        if let ring = try read() { return ring }
        let ring: SigningKeyRing
        do { ring = try SigningKeyRing(algorithm, at: now) } catch {
            throw Problem(description: "no signing key can be made: \(error)")
        }
        try write(ring)
        return ring
    }

    /// Why the file cannot be used.
    package struct Problem: Error, Hashable, CustomStringConvertible {
        /// What is wrong and what to do.
        package let description: String
    }
}
