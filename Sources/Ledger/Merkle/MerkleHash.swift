internal import Crypto

/// A SHA-256 hash in the tree: of a leaf, of two hashes, or the root.
package struct MerkleHash: Hashable, Sendable, BitwiseCopyable {
    private let storage: SIMD32<UInt8>

    /// The bytes of a hash.
    package static let byteCount = 32

    /// Takes exactly 32 bytes; any other number gives `nil`.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == MerkleHash.byteCount else { return nil }
        storage = SIMD32(bytes)
    }

    private init(_ digest: SHA256.Digest) { storage = SIMD32(digest) }

    /// The 32 bytes.
    package var bytes: [UInt8] { storage.indices.map { storage[$0] } }

    /// The bytes as 64 hexadecimal digits.
    package var hexadecimal: String { Hexadecimal.text(bytes) }
}

extension MerkleHash {
    /// The root of the tree without leaves (RFC 6962, section 2.1).
    package static let ofNothing = MerkleHash(SHA256.hash(data: [UInt8]()))

    /// The hash of a leaf: SHA-256(0x00 ‖ entry).
    ///
    /// - Complexity: O(bytes).
    package static func leaf(_ entry: some Collection<UInt8>) -> MerkleHash {
        MerkleHash(SHA256.hash(data: [0x00] + entry))
    }

    /// The hash of two neighbours: SHA-256(0x01 ‖ left ‖ right).
    package static func node(_ left: MerkleHash, _ right: MerkleHash) -> MerkleHash {
        var bytes: [UInt8] = [0x01]
        bytes.reserveCapacity(1 + 2 * byteCount)
        for index in left.storage.indices { bytes.append(left.storage[index]) }
        for index in right.storage.indices { bytes.append(right.storage[index]) }
        return MerkleHash(SHA256.hash(data: bytes))
    }

    /// The hash of a perfect subtree, from the hashes one or more levels below; their number is a power of two.
    ///
    /// - Complexity: O(hashes).
    static func perfect(_ hashes: some Collection<MerkleHash>) -> MerkleHash {
        precondition(hashes.count.nonzeroBitCount == 1, "\(hashes.count) hashes make no perfect subtree")
        var row = Array(hashes)
        while row.count > 1 {
            row = stride(from: 0, to: row.count, by: 2).map { node(row[$0], row[$0 + 1]) }
        }
        return row[0]
    }
}

extension MerkleHash: CustomStringConvertible {
    package var description: String { hexadecimal }
}
