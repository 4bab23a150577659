/// Where a tile stands in a tree: 256 consecutive hashes of one height (c2sp.org/tlog-tiles).
///
/// The hashes of level 0 are those of leaves. Each hash of a higher level is the root of a full tile one level below,
/// so hash i of tile n at level l covers the leaves from (256·n + i)·256ˡ on.
package struct TileCoordinate: Hashable, Sendable {
    /// How far above the leaves, in steps of eight heights.
    package let level: Int
    /// The number of the tile at its level, from the left.
    package let number: Int64

    /// The hashes of a full tile.
    package static let width = 256
    /// The heights of the tree that one level of tiles spans: 2⁸ = 256.
    package static let height = 8

    /// Names a tile.
    package init(level: Int, number: Int64) {
        self.level = level
        self.number = number
    }

    /// How many hashes this tile has in a tree of a size.
    ///
    /// - Complexity: O(1).
    package func width(inTreeOf size: Int64) -> Int {
        let hashes = size >> (TileCoordinate.height * level)
        return Int(min(max(0, hashes - number * Int64(TileCoordinate.width)), Int64(TileCoordinate.width)))
    }

    /// How many levels of tiles a tree of a size has.
    package static func levels(inTreeOf size: Int64) -> Int {
        size == 0 ? 0 : (Int64.bitWidth - 1 - size.leadingZeroBitCount) / height + 1
    }

    /// The path under which a tile with so many hashes is published: `tile/0/x001/x234/067`, or with `.p/17` for one
    /// that is not full.
    package func path(width: Int) -> String {
        "tile/\(level)/" + TileCoordinate.path(number: number, width: width)
    }

    /// The path of the entries whose hashes are a tile of level 0.
    package static func entriesPath(number: Int64, width: Int) -> String {
        "tile/entries/" + path(number: number, width: width)
    }

    /// The number in groups of three digits, all but the last with an `x` before them, and the width if not full.
    package static func path(number: Int64, width: Int) -> String {
        var groups: [String] = []
        var rest = number
        repeat {
            let digits = String(rest % 1_000)
            groups.append(String(repeating: "0", count: 3 - digits.count) + digits)
            rest /= 1_000
        } while rest > 0
        let parts = groups.reversed().enumerated().map { $0.offset == groups.count - 1 ? $0.element : "x" + $0.element }
        return parts.joined(separator: "/") + (width == TileCoordinate.width ? "" : ".p/\(width)")
    }
}
