internal import CryptoExtras

/// What is stored of a password: `$scrypt$ln=16,r=8,p=2$…$…`, a PHC string (github.com/P-H-C/phc-string-format).
///
/// The text says by itself how it was made, so that the cost can grow while old hashes still verify.
package struct PasswordHash: Hashable, Sendable {
    /// The cost it was made at.
    package let cost: ScryptCost
    private let salt: [UInt8]
    private let key: [UInt8]

    private static let saltCount = 16
    private static let keyCount = 32
    /// A text longer than this is none; the longest that is read has 144 bytes.
    private static let textCountMax = 160

    /// Hashes a password under a salt that is drawn.
    ///
    /// Takes the memory and the time that `cost` says: not on an event loop, and not more at once than
    /// `PasswordChecker` lets.
    package init(
        of password: Password, cost: ScryptCost = .current, using generator: inout some RandomNumberGenerator
    ) throws(PasswordError) {
        self.cost = cost
        salt = (0..<PasswordHash.saltCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        key = try PasswordHash.derive(password, salt: salt, keyCount: PasswordHash.keyCount, cost: cost)
    }

    /// Reads a text that was stored; `nil` for anything else, and for costs beyond the bounds of `ScryptCost`.
    ///
    /// Salts of 8 to 48 bytes and keys of 16 to 64 are read, so that hashes from elsewhere can be taken over.
    package init?(_ text: String) {
        guard text.utf8.count <= PasswordHash.textCountMax else { return nil }
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt", let cost = PasswordHash.cost(parts[2]),
            let salt = BitText.base64.bytes(parts[3]), 8...48 ~= salt.count,
            let key = BitText.base64.bytes(parts[4]), 16...64 ~= key.count
        else { return nil }
        self.cost = cost
        self.salt = salt
        self.key = key
    }

    private static func cost(_ text: Substring) -> ScryptCost? {
        let names = ["ln=", "r=", "p="]
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == names.count else { return nil }
        let numbers = zip(names, parts).compactMap { name, part in
            part.hasPrefix(name) ? number(part.dropFirst(name.count)) : nil
        }
        guard numbers.count == names.count else { return nil }
        return ScryptCost(rounds: numbers[0], blockSize: numbers[1], parallelism: numbers[2])
    }

    /// A number of one or two digits, written in the one way there is.
    private static func number(_ text: Substring) -> Int? {
        guard 1...2 ~= text.utf8.count, let number = Int(text), String(number) == text else { return nil }
        return number
    }

    /// Whether a password is the one; the time it takes does not depend on how much of it is right.
    func isOf(_ password: Password) throws(PasswordError) -> Bool {
        let derived = try PasswordHash.derive(password, salt: salt, keyCount: key.count, cost: cost)
        return ConstantTime.areEqual(derived, key)
    }

    /// Whether it was made at another cost than today's, and is to be made anew when the password is next at hand.
    package var needsRehash: Bool { cost != .current || key.count != PasswordHash.keyCount }

    /// A hash that no password has, at today's cost: what is verified for operators that do not exist.
    static let decoy = PasswordHash(
        cost: .current, salt: Array(repeating: 0, count: saltCount), key: Array(repeating: 0, count: keyCount))

    private init(cost: ScryptCost, salt: [UInt8], key: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.key = key
    }

    private static func derive(
        _ password: Password, salt: [UInt8], keyCount: Int, cost: ScryptCost
    ) throws(PasswordError) -> [UInt8] {
        do {
            let key = try KDF.Scrypt.deriveKey(
                from: password.bytes, salt: salt, outputByteCount: keyCount, rounds: 1 << cost.rounds,
                blockSize: cost.blockSize, parallelism: cost.parallelism)
            // SAFETY: the buffer is only read, and only inside the closure that lends it.
            return unsafe key.withUnsafeBytes { unsafe Array($0) }
        } catch {
            throw .outOfMemory
        }
    }
}

extension PasswordHash: CustomStringConvertible {
    /// The text, to be stored.
    package var description: String {
        "$scrypt$ln=\(cost.rounds),r=\(cost.blockSize),p=\(cost.parallelism)$"
            + "\(BitText.base64.text(salt))$\(BitText.base64.text(key))"
    }
}

/// Why nothing could be said about a password.
package enum PasswordError: Error, Hashable, Sendable {
    /// There was no memory for the derivation.
    case outOfMemory
    /// As many passwords as may be checked at once are being checked.
    case busy
}
