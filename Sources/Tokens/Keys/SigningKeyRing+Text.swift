internal import Foundation
internal import Vocabulary

/// A ring as the file in the data folder holds it.
extension SigningKeyRing {
    fileprivate struct Document: Codable {
        var version: Int
        var keys: [Key]

        enum CodingKeys: String, CodingKey {
            case version = "headgate-token-keys"
            case keys
        }

        struct Key: Codable {
            var keyID: String
            var algorithm: TokenAlgorithm
            var state: SigningKey.State
            var published: Int64
            var activated: Int64?
            var retired: Int64?
            var privateKey: String
        }
    }

    /// The text, private halves and all: for a file that its owner alone can read.
    package var fileText: String {
        get throws {
            let document = Document(version: 1, keys: keys.map { Document.Key($0) })
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
        var keys: [SigningKey] = []
        for entry in document.keys {
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

    /// Why a text is no ring.
    package struct Problem: Error, Hashable, CustomStringConvertible {
        /// What is wrong; no key stands in it.
        package let description: String
    }
}

extension SigningKeyRing.Document.Key {
    fileprivate init(_ key: SigningKey) {
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
