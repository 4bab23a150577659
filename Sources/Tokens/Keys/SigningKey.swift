internal import Crypto
internal import CryptoExtras
internal import Foundation
internal import JWTKit
package import Vocabulary

/// A key that tokens are signed with, and where it stands in its life.
package struct SigningKey: Hashable, Sendable {
    /// Its name, which tokens carry as `kid`: the thumbprint of its public half.
    package let keyID: String
    /// Its algorithm.
    package let algorithm: TokenAlgorithm
    /// Where it stands.
    package internal(set) var state: State
    /// When its public half was first published.
    package let published: WallTime
    /// When it began to sign.
    package internal(set) var activated: WallTime?
    /// When it signed for the last time.
    package internal(set) var retired: WallTime?
    /// Its public half.
    let document: PublicKeyDocument
    /// Its private half, in PEM; never printed.
    let privateText: String

    /// Its public half, as a JSON Web Key.
    package var publicText: String { document.json }

    /// The stations of a key; each lets verifiers everywhere know it before, and after, it signs.
    package enum State: String, CaseIterable, Codable, Sendable {
        /// Published, and not used yet. Can transition to `current`.
        case next
        /// The one that signs. Can transition to `retired`.
        case current
        /// Published until the last token it has signed is over. Can transition to nothing.
        case retired
    }

    /// Makes a key.
    ///
    /// - Complexity: microseconds; for RSA a tenth of a second and more.
    package static func make(_ algorithm: TokenAlgorithm, at now: WallTime) throws -> SigningKey {
        let text =
            switch algorithm {
            case .es256: P256.Signing.PrivateKey().pemRepresentation
            case .edDSA: Curve25519.Signing.PrivateKey().pemRepresentation
            case .rs256: try _RSA.Signing.PrivateKey(keySize: .bits2048).pemRepresentation
            }
        return try SigningKey(algorithm, privateText: text, state: .next, published: now)
    }

    /// Reads a key.
    ///
    /// - Throws: what the cryptography says of a text that is no such key.
    init(_ algorithm: TokenAlgorithm, privateText: String, state: State, published: WallTime) throws {
        let parts = try SigningKey.parts(algorithm, privateText)
        keyID = PublicKeyDocument.thumbprint(of: parts)
        document = PublicKeyDocument(keyID: keyID, algorithm: algorithm.rawValue, parts: parts)
        self.algorithm = algorithm
        self.privateText = privateText
        self.state = state
        self.published = published
    }

    private static func parts(_ algorithm: TokenAlgorithm, _ text: String) throws -> PublicKeyDocument.Parts {
        switch algorithm {
        case .es256:
            // 0x04 and the two coordinates (SEC 1 §2.3.3).
            let point = Array(try P256.Signing.PrivateKey(pemRepresentation: text).publicKey.x963Representation)
            return .curve(name: "P-256", x: Base64URL.text(point[1..<33]), y: Base64URL.text(point[33..<65]))
        case .edDSA:
            let key = try Curve25519.Signing.PrivateKey(pemRepresentation: text)
            return .edwards(x: Base64URL.text(key.publicKey.rawRepresentation))
        case .rs256:
            let key = try _RSA.Signing.PrivateKey(pemRepresentation: text)
            let primitives = try key.publicKey.getKeyPrimitives()
            return .rsa(n: Base64URL.text(primitives.modulus), e: Base64URL.text(primitives.publicExponent))
        }
    }

    /// The key, ready to sign on any thread.
    func signer() async throws -> TokenSigner {
        let kid = JWKIdentifier(string: keyID)
        let collection = JWTKeyCollection()
        switch algorithm {
        case .es256: await collection.add(ecdsa: try ES256PrivateKey(pem: privateText), kid: kid)
        case .edDSA: await collection.add(eddsa: try EdDSA.PrivateKey(pem: privateText), kid: kid)
        case .rs256:
            await collection.add(
                rsa: try Insecure.RSA.PrivateKey(pem: privateText), digestAlgorithm: .sha256, kid: kid)
        }
        return TokenSigner(
            keyID: keyID, algorithm: algorithm, key: try await collection.getKey(for: kid, alg: algorithm.rawValue))
    }
}

extension SigningKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The name, the algorithm and the state.
    package var description: String { "\(algorithm.rawValue) key \(keyID) (\(state.rawValue))" }
    /// The same.
    package var debugDescription: String { description }
    /// Nothing to see.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A private key, ready to sign on any thread.
struct TokenSigner: Sendable {
    /// Its name.
    let keyID: String
    /// Its algorithm.
    let algorithm: TokenAlgorithm
    private let key: any JWTAlgorithm

    /// Joins a key and its name.
    init(keyID: String, algorithm: TokenAlgorithm, key: any JWTAlgorithm) {
        self.keyID = keyID
        self.algorithm = algorithm
        self.key = key
    }

    /// Signs bytes.
    func sign(_ bytes: [UInt8]) throws -> [UInt8] { try key.sign(bytes) }
}
