extension TileCoordinate {
    /// The tile as one number: levels are below 8, and a tile's number below 2⁵⁵.
    package var place: Int64 { Int64(level) << 56 | number }
}

extension MerkleHash {
    /// The hashes of a tile as backends keep them, one after the other.
    ///
    /// - Throws: `damaged` when there are fewer than asked for.
    package static func list(
        _ bytes: [UInt8], of tile: TileCoordinate, atLeast count: Int
    ) throws(LedgerError) -> [MerkleHash] {
        let hashes = stride(from: 0, to: bytes.count, by: byteCount).compactMap { start in
            MerkleHash(bytes[start..<min(start + byteCount, bytes.count)])
        }
        guard hashes.count >= count else {
            throw LedgerError(
                .damaged,
                "tile \(tile.number) of level \(tile.level) has \(hashes.count) hashes where \(count) are needed; "
                    + "run 'headgate ledger verify'")
        }
        return hashes
    }
}
