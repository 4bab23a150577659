/// What has to be remembered of a growing tree to go on and to know its root: the roots of its perfect subtrees.
///
/// A tree of 13 = 8 + 4 + 1 leaves is three perfect subtrees from left to right. A new leaf is a subtree of its own,
/// and as often as the two rightmost ones have the same size they become one. The root folds them from the right:
/// node(a₈, node(b₄, c₁)), which is what RFC 6962, section 2.1, asks for.
package struct CompactRange: Sendable {
    /// How many leaves there are.
    package private(set) var size: Int64 = 0
    /// The roots, those of large subtrees first; one for each bit of the size that is set.
    private var roots: [MerkleHash] = []

    /// A tree without leaves.
    package init() {}

    /// The tree whose perfect subtrees have these roots.
    init(size: Int64, roots: [MerkleHash]) {
        precondition(roots.count == size.nonzeroBitCount, "\(roots.count) roots do not make a tree of \(size) leaves")
        self.size = size
        self.roots = roots
    }

    /// Adds a leaf, by its hash.
    ///
    /// - Complexity: O(1) amortized, O(log n) at worst.
    package mutating func append(_ leaf: MerkleHash) {
        var grown = leaf
        for _ in 0..<size.trailingOneBitCount { grown = .node(roots.removeLast(), grown) }
        roots.append(grown)
        size += 1
    }

    /// The root of the tree.
    ///
    /// - Complexity: O(log n).
    package var root: MerkleHash {
        guard var folded = roots.last else { return .ofNothing }
        for root in roots.dropLast().reversed() { folded = .node(root, folded) }
        return folded
    }
}

extension FixedWidthInteger {
    /// How many bits are set before the lowest one that is not.
    var trailingOneBitCount: Int { (~self).trailingZeroBitCount }
}
