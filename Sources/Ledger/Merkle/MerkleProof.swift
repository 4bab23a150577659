/// Checks proofs without the tree: from nothing but roots and the proof itself.
///
/// The two algorithms are those of RFC 9162, sections 2.1.3.2 and 2.1.4.2. They walk from the leaf to the root, while
/// `MerkleTree` makes proofs from the root down: one does not repeat a mistake of the other.
package enum MerkleProof {
    /// Whether a proof shows that the leaf stands at an index of the tree with that size and root.
    ///
    /// - Complexity: O(proof).
    package static func shows(
        leaf: MerkleHash, at index: Int64, in size: Int64, root: MerkleHash, proof: [MerkleHash]
    ) -> Bool {
        guard 0 <= index, index < size else { return false }
        var node = index
        var last = size - 1
        var hash = leaf
        for neighbour in proof {
            guard last > 0 else { return false }
            if node & 1 == 1 || node == last {
                hash = .node(neighbour, hash)
                while node & 1 == 0, node > 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                hash = .node(hash, neighbour)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && hash == root
    }

    /// Whether a proof shows that the older tree is the beginning of the newer one.
    ///
    /// - Complexity: O(proof).
    package static func shows(
        _ older: (size: Int64, root: MerkleHash), isBeginningOf newer: (size: Int64, root: MerkleHash),
        proof: [MerkleHash]
    ) -> Bool {
        guard 0 <= older.size, older.size <= newer.size else { return false }
        if older.size == newer.size { return older.root == newer.root && proof.isEmpty }
        if older.size == 0 { return older.root == .ofNothing && proof.isEmpty }
        var path = proof[...]
        // A perfect older tree is itself the first node; its root need not be in the proof.
        if older.size.nonzeroBitCount == 1 { path = ([older.root] + proof)[...] }
        guard let first = path.popFirst() else { return false }
        let shift = (older.size - 1).trailingOneBitCount
        var node = (older.size - 1) >> shift
        var last = (newer.size - 1) >> shift
        var olderHash = first
        var newerHash = first
        for neighbour in path {
            guard last > 0 else { return false }
            if node & 1 == 1 || node == last {
                olderHash = .node(neighbour, olderHash)
                newerHash = .node(neighbour, newerHash)
                while node & 1 == 0, node > 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                newerHash = .node(newerHash, neighbour)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && olderHash == older.root && newerHash == newer.root
    }
}
