internal import Foundation
package import Vocabulary

/// A ring as the file in the data folder holds it.
extension SigningKeyRing {
    fileprivate struct Document: Codable {
        var version: Int
        var keys: [KeptKey]

        enum CodingKeys: String, CodingKey {
            case version = "headgate-token-keys"
            case keys
        }
    }

    /// A key with its private half, as it is kept: in the file, or under seal beside a ledger.
    package struct KeptKey: Codable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable
    {
        /// Its name.
        package var keyID: String
        /// Its algorithm.
        package var algorithm: TokenAlgorithm
        /// Where it stands.
        package var state: SigningKey.State
        /// When it was published, in milliseconds since 1970.
        var published: Int64
        /// When it began to sign, likewise.
        var activated: Int64?
        /// When it signed for the last time, likewise.
        var retired: Int64?
        /// Its private half, in PEM.
        package var privateKey: String

        /// States a key.
        package init(
            keyID: String, algorithm: TokenAlgorithm, state: SigningKey.State, published: WallTime,
            activated: WallTime?, retired: WallTime?, privateKey: String
        ) {
            self.keyID = keyID
            self.algorithm = algorithm
            self.state = state
            self.published = published.milliseconds
            self.activated = activated?.milliseconds
            self.retired = retired?.milliseconds
            self.privateKey = privateKey
        }

        /// Everything but the private half.
        package var description: String { "\(algorithm.rawValue) key \(keyID) (\(state.rawValue))" }
        /// The same.
        package var debugDescription: String { description }
        /// Nothing to see.
        package var customMirror: Mirror { Mirror(self, children: []) }
    }

    /// The keys with their private halves, to be kept.
    package var kept: [KeptKey] { keys.map { KeptKey($0) } }

    /// Reads keys that were kept.
    ///
    /// - Throws: `Problem` if one is damaged, or there is not one that signs and one that comes after it.
    package init(kept: [KeptKey]) throws(Problem) {
        var keys: [SigningKey] = []
        for entry in kept {
            guard let key = try? entry.key, key.keyID == entry.keyID else {
                throw Problem(description: "its key \(entry.keyID) is damaged")
            }
            keys.append(key)
        }
        self.init(keys: keys)
        guard keys.count(where: { $0.state == .current }) == 1, keys.count(where: { $0.state == .next }) == 1 else {
            throw Problem(description: "it must hold one current key and one next key")
        }
    }

    /// The text, private halves and all: for a file that its owner alone can read.
    package var fileText: String {
        get throws {
            let document = Document(version: 1, keys: kept)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
        }
    }

    /// Reads what `fileText` wrote.
    ///
    /// - Throws: `Problem` for anything else.
    package init(fileText: String) throws(Problem) {
        let document: Document
        do { document = try JSONDecoder().decode(Document.self, from: Data(fileText.utf8)) } catch {
            throw Problem(description: "it holds no signing keys")
        }
        guard document.version == 1 else {
            throw Problem(description: "it is of version \(document.version), and this server reads version 1")
        }
        try self.init(kept: document.keys)
    }

    /// Why a text is no ring.
    package struct Problem: Error, Hashable, CustomStringConvertible {
        /// What is wrong; no key stands in it.
        package let description: String
    }
}

extension SigningKeyRing.KeptKey {
    /// States a key as it is.
    package init(_ key: SigningKey) {
        keyID = key.keyID
        algorithm = key.algorithm
        state = key.state
        published = key.published.milliseconds
        activated = key.activated?.milliseconds
        retired = key.retired?.milliseconds
        privateKey = key.privateText
    }

    fileprivate var key: SigningKey {
        get throws {
            var key = try SigningKey(
                algorithm, privateText: privateKey, state: state, published: WallTime(milliseconds: published))
            key.activated = activated.map { WallTime(milliseconds: $0) }
            key.retired = retired.map { WallTime(milliseconds: $0) }
            return key
        }
    }
}
