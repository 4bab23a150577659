/// Where the tiles of a tree are kept.
package protocol TileSource {
    /// The hashes of a tile, at least so many as asked for; there may be more.
    ///
    /// - Throws: when the tile is not there, or has fewer.
    func hashes(of tile: TileCoordinate, atLeast count: Int) throws -> [MerkleHash]
}

/// A tree of some size, read from tiles; the tiles may belong to a later, larger tree.
package struct MerkleTree<Tiles: TileSource> {
    /// How many leaves it has.
    package let size: Int64
    private let tiles: Tiles

    /// Looks at the first leaves of stored tiles.
    package init(size: Int64, tiles: Tiles) {
        self.size = size
        self.tiles = tiles
    }

    /// The root.
    ///
    /// - Complexity: O(log n) tiles.
    package func root() throws -> MerkleHash { try hash(of: 0..<size) }

    /// The hashes beside the way from a leaf up to the root, lowest first (RFC 6962, section 2.1.1).
    ///
    /// - Complexity: O(log n) tiles.
    package func inclusionProof(of index: Int64) throws -> [MerkleHash] {
        precondition(0 <= index && index < size, "there is no leaf \(index) in a tree of \(size)")
        return try path(to: index, in: 0..<size)
    }

    /// The hashes that show that the tree of the first `older` leaves is the beginning of this one (RFC 6962, section
    /// 2.1.2).
    ///
    /// Nothing has to be shown of a tree without leaves, and of the same tree.
    ///
    /// - Complexity: O(log n) tiles.
    package func consistencyProof(from older: Int64) throws -> [MerkleHash] {
        precondition(0 <= older && older <= size, "a tree of \(older) leaves is no beginning of one of \(size)")
        guard older > 0, older < size else { return [] }
        return try proof(from: older, in: 0..<size, isKnown: true)
    }

    private func path(to index: Int64, in leaves: Range<Int64>) throws -> [MerkleHash] {
        guard leaves.count > 1 else { return [] }
        let middle = MerkleTree.middle(of: leaves)
        return index < middle
            ? try path(to: index, in: leaves.lowerBound..<middle) + [hash(of: middle..<leaves.upperBound)]
            : try path(to: index, in: middle..<leaves.upperBound) + [hash(of: leaves.lowerBound..<middle)]
    }

    /// SUBPROOF of RFC 6962; the root of a subtree that the verifier knows is left out.
    private func proof(from older: Int64, in leaves: Range<Int64>, isKnown: Bool) throws -> [MerkleHash] {
        guard older < leaves.upperBound else { return isKnown ? [] : [try hash(of: leaves)] }
        let middle = MerkleTree.middle(of: leaves)
        return older <= middle
            ? try proof(from: older, in: leaves.lowerBound..<middle, isKnown: isKnown)
                + [hash(of: middle..<leaves.upperBound)]
            : try proof(from: older, in: middle..<leaves.upperBound, isKnown: false)
                + [hash(of: leaves.lowerBound..<middle)]
    }

    /// Where a tree is split: after the largest power of two that is smaller than its size.
    private static func middle(of leaves: Range<Int64>) -> Int64 {
        let last = Int64(leaves.count) - 1
        return leaves.lowerBound + 1 << (Int64.bitWidth - 1 - last.leadingZeroBitCount)
    }

    /// The hash of a range that is a subtree of this tree: a perfect one, or one at the right edge.
    private func hash(of leaves: Range<Int64>) throws -> MerkleHash {
        let roots = try perfectSubtrees(of: leaves)
        guard var folded = roots.last else { return .ofNothing }
        for root in roots.dropLast().reversed() { folded = .node(root, folded) }
        return folded
    }

    /// The roots of the perfect subtrees that make up a range, from left to right; the largest come first.
    func perfectSubtrees(of leaves: Range<Int64>) throws -> [MerkleHash] {
        var roots: [MerkleHash] = []
        var start = leaves.lowerBound
        while start < leaves.upperBound {
            let height = Int64.bitWidth - 1 - (leaves.upperBound - start).leadingZeroBitCount
            roots.append(try perfectSubtree(at: start, height: height))
            start += 1 << height
        }
        return roots
    }

    /// The root of the perfect subtree that begins at a leaf, from the tile that holds its highest stored level.
    private func perfectSubtree(at start: Int64, height: Int) throws -> MerkleHash {
        let level = height / TileCoordinate.height
        let first = start >> (TileCoordinate.height * level)
        let width = Int64(TileCoordinate.width)
        let tile = TileCoordinate(level: level, number: first / width)
        let offset = Int(first % width)
        let count = 1 << (height - TileCoordinate.height * level)
        let hashes = try tiles.hashes(of: tile, atLeast: offset + count)
        return .perfect(hashes[offset..<offset + count])
    }
}
