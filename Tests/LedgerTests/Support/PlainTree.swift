@testable import Ledger

/// The tree as RFC 6962, section 2.1, defines it: from all leaves, by recursion, without tiles.
enum PlainTree {
    /// MTH of leaf hashes.
    static func root(_ leaves: ArraySlice<MerkleHash>) -> MerkleHash {
        guard let first = leaves.first else { return .ofNothing }
        guard leaves.count > 1 else { return first }
        let middle = leaves.startIndex + split(leaves.count)
        return .node(root(leaves[..<middle]), root(leaves[middle...]))
    }

    /// PATH.
    static func path(to index: Int, in leaves: ArraySlice<MerkleHash>) -> [MerkleHash] {
        guard leaves.count > 1 else { return [] }
        let middle = leaves.startIndex + split(leaves.count)
        return index < middle
            ? path(to: index, in: leaves[..<middle]) + [root(leaves[middle...])]
            : path(to: index, in: leaves[middle...]) + [root(leaves[..<middle])]
    }

    /// SUBPROOF, where the older tree ends before `older`.
    static func proof(from older: Int, in leaves: ArraySlice<MerkleHash>, isKnown: Bool = true) -> [MerkleHash] {
        guard older < leaves.endIndex else { return isKnown ? [] : [root(leaves)] }
        let middle = leaves.startIndex + split(leaves.count)
        return older <= middle
            ? proof(from: older, in: leaves[..<middle], isKnown: isKnown) + [root(leaves[middle...])]
            : proof(from: older, in: leaves[middle...], isKnown: false) + [root(leaves[..<middle])]
    }

    private static func split(_ count: Int) -> Int {
        var power = 1
        while power * 2 < count { power *= 2 }
        return power
    }
}

/// Tiles in memory.
struct TileShelf: TileSource {
    private(set) var tiles: [TileCoordinate: [MerkleHash]] = [:]

    mutating func replace(_ changed: [TileCoordinate: [MerkleHash]]) { tiles.merge(changed) { $1 } }

    func hashes(of tile: TileCoordinate, atLeast count: Int) throws -> [MerkleHash] {
        guard let hashes = tiles[tile], hashes.count >= count else { throw Missing(tile: tile, count: count) }
        return hashes
    }

    struct Missing: Error {
        let tile: TileCoordinate
        let count: Int
    }
}

/// Leaves that differ.
enum Leaves {
    static func numbered(_ range: Range<Int>) -> [MerkleHash] {
        range.map { number in
            .leaf((0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) })
        }
    }
}
