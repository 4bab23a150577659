/// Reads the keys that an outside issuer publishes: a JSON Web Key Set (RFC 7517 §5).
enum KeySetReader {
    /// The largest set that is read: a key of RSA has 500 bytes, and few issuers publish more than four.
    static let byteCountMax = 64 << 10
    /// The most keys that are kept.
    static let keyCountMax = 64

    /// The keys of a set that tokens can be verified with; `nil` if it is no set.
    ///
    /// What cannot be used is passed over, not refused: issuers publish keys for encryption beside, and tomorrow
    /// algorithms that nobody knows today. A key without a name is passed over because tokens must name theirs.
    static func documents(_ bytes: [UInt8]) -> [PublicKeyDocument]? {
        guard bytes.count <= byteCountMax, case .array(let items)? = JSONValue.object(bytes)?["keys"] else {
            return nil
        }
        var seen: Set<String> = []
        return items.compactMap { document($0) }.filter { seen.insert($0.keyID).inserted }.prefix(keyCountMax)
            .map(\.self)
    }

    /// The keys of a set, ready to verify; those that turn out to be none are passed over.
    static func keys(_ bytes: [UInt8]) async -> [VerificationKey]? {
        guard let documents = documents(bytes) else { return nil }
        var keys: [VerificationKey] = []
        for document in documents {
            if let key = try? await document.verificationKey() { keys.append(key) }
        }
        return keys
    }

    private static func document(_ item: JSONValue) -> PublicKeyDocument? {
        guard case .object(let members) = item, let keyID = members["kid"]?.text, !keyID.isEmpty,
            members["use"].map({ $0.text == "sig" }) ?? true,
            members["key_ops"].map({ $0.texts?.contains("verify") ?? false }) ?? true,
            let parts = parts(members), let algorithm = algorithm(of: parts, stated: members["alg"])
        else { return nil }
        return PublicKeyDocument(keyID: keyID, algorithm: algorithm, parts: parts)
    }

    private static func parts(_ members: [String: JSONValue]) -> PublicKeyDocument.Parts? {
        switch members["kty"]?.text {
        case "EC":
            guard let curve = members["crv"]?.text, let x = members["x"]?.text, let y = members["y"]?.text else {
                return nil
            }
            return .curve(name: curve, x: x, y: y)
        case "OKP":
            guard members["crv"]?.text == "Ed25519", let x = members["x"]?.text else { return nil }
            return .edwards(x: x)
        case "RSA":
            guard let n = members["n"]?.text, let e = members["e"]?.text else { return nil }
            return .rsa(n: n, e: e)
        default: return nil  // `oct` above all: a secret that is published is none
        }
    }

    /// The one algorithm that a key is used with: the one it states if it can be, else the usual one of its kind.
    private static func algorithm(of parts: PublicKeyDocument.Parts, stated: JSONValue?) -> String? {
        let possible: [String] =
            switch parts {
            case .curve("P-256", _, _): ["ES256"]
            case .curve("P-384", _, _): ["ES384"]
            case .curve("P-521", _, _): ["ES512"]
            case .curve: []
            case .edwards: ["EdDSA", "Ed25519"]
            case .rsa: ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]
            }
        guard let stated else { return possible.first }
        guard let name = stated.text, possible.contains(name) else { return nil }
        return name == "Ed25519" ? "EdDSA" : name
    }
}
