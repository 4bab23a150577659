internal import Crypto

/// A record with its salt: what the tree commits to, and what can be erased.
///
/// The tree holds only HMAC-SHA-256(salt, record). As long as record and salt are there, anybody can compute that
/// again. Once both are erased it says nothing any more, not even to somebody who guesses what the record was, since
/// the salt has 256 bits; yet leaf, root and all proofs stay what they were.
package struct RecordSeal: Hashable, Sendable {
    /// 32 random bytes, for this record alone.
    package let salt: [UInt8]
    /// The record's bytes.
    package let record: [UInt8]

    /// The bytes of a salt.
    package static let saltByteCount = 32

    /// Joins a record and its salt.
    package init(salt: [UInt8], record: [UInt8]) {
        self.salt = salt
        self.record = record
    }

    /// Seals a record with a new salt from the system's generator.
    init(record: [UInt8]) {
        salt = Chance.bytes(count: RecordSeal.saltByteCount)
        self.record = record
    }

    /// What the tree commits to: HMAC-SHA-256 with the salt as its key (RFC 2104).
    package var commitment: [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: record, using: SymmetricKey(data: salt)))
    }
}

/// The entry of the log whose hash is a leaf: what stays when a record is erased.
package enum LeafEntry {
    /// The version of the form.
    private static let form: UInt8 = 1

    /// The 33 bytes of the entry.
    package static func bytes(commitment: [UInt8]) -> [UInt8] { [form] + commitment }
}
