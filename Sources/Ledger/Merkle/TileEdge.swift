/// The right edge of a tiled tree: what is needed to add leaves, and which tiles that changes.
///
/// Adding a leaf adds a hash to the last tile of level 0. A tile that becomes full adds its root to the level above.
struct TileEdge: Sendable {
    /// The tree as perfect subtrees, for its root.
    private(set) var range: CompactRange
    /// The last tile of each level that is not full; lowest level first.
    private var open: [[MerkleHash]]

    /// A tree without leaves.
    init() {
        range = CompactRange()
        open = []
    }

    /// The edge of a stored tree.
    ///
    /// - Complexity: O(log n) tiles.
    init(size: Int64, tiles: some TileSource) throws {
        let tree = MerkleTree(size: size, tiles: tiles)
        range = CompactRange(size: size, roots: try tree.perfectSubtrees(of: 0..<size))
        open = try (0..<TileCoordinate.levels(inTreeOf: size)).map { level in
            let hashes = size >> (TileCoordinate.height * level)
            let last = TileCoordinate(level: level, number: hashes / Int64(TileCoordinate.width))
            let width = last.width(inTreeOf: size)
            return width == 0 ? [] : try tiles.hashes(of: last, atLeast: width).prefix(width).map(\.self)
        }
    }

    /// Adds leaves, by their hashes.
    ///
    /// - Returns: the tiles that changed, each as it is now.
    /// - Complexity: O(1) per leaf, and O(256·log n) for what is copied into the tiles.
    mutating func append(_ leaves: some Sequence<MerkleHash>) -> [TileCoordinate: [MerkleHash]] {
        var full: [TileCoordinate: [MerkleHash]] = [:]
        var touched = 0
        for leaf in leaves {
            range.append(leaf)
            touched = max(touched, push(leaf, filling: &full))
        }
        return full.merging(openTiles.filter { $0.key.level < touched }) { $1 }
    }

    /// The tiles that are not full.
    var openTiles: [TileCoordinate: [MerkleHash]] {
        var tiles: [TileCoordinate: [MerkleHash]] = [:]
        for level in open.indices where !open[level].isEmpty {
            let number = (range.size >> (TileCoordinate.height * level)) / Int64(TileCoordinate.width)
            tiles[TileCoordinate(level: level, number: number)] = open[level]
        }
        return tiles
    }

    /// Adds a leaf's hash to the tiles.
    ///
    /// - Returns: how many levels it reached.
    private mutating func push(_ leaf: MerkleHash, filling full: inout [TileCoordinate: [MerkleHash]]) -> Int {
        var hash = leaf
        var level = 0
        while true {
            if level == open.count { open.append([]) }
            open[level].append(hash)
            guard open[level].count == TileCoordinate.width else { return level + 1 }
            let number = (range.size >> (TileCoordinate.height * level)) / Int64(TileCoordinate.width) - 1
            full[TileCoordinate(level: level, number: number)] = open[level]
            hash = .perfect(open[level])
            open[level].removeAll(keepingCapacity: true)
            level += 1
        }
    }
}
