import Testing

@testable import Ledger

/// Trees and proofs, against the definition and against published numbers.
@Suite struct MerkleTests {
    /// The eight entries with which implementations of RFC 6962 are compared.
    private static let published: [[UInt8]] = [
        [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
        [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57], Array(0x60...0x6F),
    ]
    private static let publishedRoots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    /// The tiles of a tree that grew in steps.
    private static func shelf(_ leaves: [MerkleHash], step: Int) -> TileShelf {
        var edge = TileEdge()
        var shelf = TileShelf()
        var start = 0
        while start < leaves.count {
            let end = min(start + step, leaves.count)
            shelf.replace(edge.append(leaves[start..<end]))
            start = end
        }
        return shelf
    }

    @Test func `the roots of growing trees are the published ones`() throws {
        let leaves = MerkleTests.published.map { MerkleHash.leaf($0) }
        let shelf = MerkleTests.shelf(leaves, step: 1)
        var range = CompactRange()
        for size in 0...leaves.count {
            #expect(range.root.hexadecimal == MerkleTests.publishedRoots[size])
            #expect(try MerkleTree(size: Int64(size), tiles: shelf).root() == range.root)
            if size < leaves.count { range.append(leaves[size]) }
        }
    }

    @Test func `proofs are the published ones`() throws {
        let shelf = MerkleTests.shelf(MerkleTests.published.map { MerkleHash.leaf($0) }, step: 3)
        let eight = MerkleTree(size: 8, tiles: shelf)
        #expect(
            try eight.inclusionProof(of: 5).map(\.hexadecimal) == [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ])
        #expect(
            try eight.consistencyProof(from: 6).map(\.hexadecimal) == [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ])
        #expect(
            try eight.consistencyProof(from: 1).map(\.hexadecimal) == [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ])
        #expect(
            try MerkleTree(size: 5, tiles: shelf).consistencyProof(from: 2).map(\.hexadecimal) == [
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ])
    }

    @Test func `all proofs of all small trees are those of the definition, and hold`() throws {
        let leaves = Leaves.numbered(0..<40)
        let shelf = MerkleTests.shelf(leaves, step: 7)
        let roots = (0...leaves.count).map { PlainTree.root(leaves[..<$0]) }
        for size in 0...leaves.count {
            let tree = MerkleTree(size: Int64(size), tiles: shelf)
            #expect(try tree.root() == roots[size])
            for index in 0..<size {
                let proof = try tree.inclusionProof(of: Int64(index))
                #expect(proof == PlainTree.path(to: index, in: leaves[..<size]))
                #expect(
                    MerkleProof.shows(
                        leaf: leaves[index], at: Int64(index), in: Int64(size), root: roots[size], proof: proof))
            }
            for older in 0...size {
                let proof = try tree.consistencyProof(from: Int64(older))
                if older > 0, older < size { #expect(proof == PlainTree.proof(from: older, in: leaves[..<size])) }
                #expect(
                    MerkleProof.shows(
                        (Int64(older), roots[older]), isBeginningOf: (Int64(size), roots[size]), proof: proof))
            }
        }
    }

    @Test(arguments: [1, 2, 255, 256, 257, 1_000, 70_000])
    func `tiles do not depend on the steps in which a tree grew`(step: Int) throws {
        let leaves = Leaves.numbered(0..<70_000)
        let shelf = MerkleTests.shelf(leaves, step: step)
        for (tile, hashes) in shelf.tiles {
            #expect(hashes.count == tile.width(inTreeOf: 70_000))
            let span = 1 << (TileCoordinate.height * tile.level)
            let first = Int(tile.number) * TileCoordinate.width * span
            guard tile.level > 0 else {
                #expect(hashes == Array(leaves[first..<first + hashes.count]))
                continue
            }
            #expect(
                hashes.last == PlainTree.root(leaves[first + (hashes.count - 1) * span..<first + hashes.count * span]))
        }
        // The example of the specification: 273 full tiles and one of 112, a full one and one of 17, and one of 1.
        #expect(shelf.tiles.keys.filter { $0.level == 0 }.count == 274)
        #expect(shelf.tiles[TileCoordinate(level: 0, number: 273)]?.count == 112)
        #expect(shelf.tiles[TileCoordinate(level: 1, number: 0)]?.count == 256)
        #expect(shelf.tiles[TileCoordinate(level: 1, number: 1)]?.count == 17)
        #expect(shelf.tiles[TileCoordinate(level: 2, number: 0)]?.count == 1)
    }

    @Test(arguments: UInt64(1)...4)
    func `proofs of large trees hold, and no changed one does`(seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        let leaves = Leaves.numbered(0..<Int.random(in: 60_000...70_000, using: &chance))
        let shelf = MerkleTests.shelf(leaves, step: Int.random(in: 1...2_000, using: &chance))
        for _ in 0..<60 {
            let size = Int64.random(in: 2...Int64(leaves.count), using: &chance)
            let tree = MerkleTree(size: size, tiles: shelf)
            let root = try tree.root()
            let index = Int64.random(in: 0..<size, using: &chance)
            let leaf = leaves[Int(index)]
            let path = try tree.inclusionProof(of: index)
            #expect(path.count <= 18)
            #expect(MerkleProof.shows(leaf: leaf, at: index, in: size, root: root, proof: path))
            let older = Int64.random(in: 1..<size, using: &chance)
            let olderRoot = try MerkleTree(size: older, tiles: shelf).root()
            let proof = try tree.consistencyProof(from: older)
            #expect(proof.count <= 36)
            #expect(MerkleProof.shows((older, olderRoot), isBeginningOf: (size, root), proof: proof))

            let wrong = MerkleHash.leaf([1, 2, 3])
            for changed in MerkleTests.changes(of: path, to: wrong) {
                #expect(!MerkleProof.shows(leaf: leaf, at: index, in: size, root: root, proof: changed))
            }
            #expect(!MerkleProof.shows(leaf: wrong, at: index, in: size, root: root, proof: path))
            #expect(!MerkleProof.shows(leaf: leaf, at: index ^ 1, in: size, root: root, proof: path))
            #expect(!MerkleProof.shows(leaf: leaf, at: index, in: size, root: wrong, proof: path))
            for changed in MerkleTests.changes(of: proof, to: wrong) {
                #expect(!MerkleProof.shows((older, olderRoot), isBeginningOf: (size, root), proof: changed))
            }
            #expect(!MerkleProof.shows((older, wrong), isBeginningOf: (size, root), proof: proof))
            #expect(!MerkleProof.shows((older, olderRoot), isBeginningOf: (size, wrong), proof: proof))
        }
    }

    /// A proof with one hash changed, missing or added, in every way.
    private static func changes(of proof: [MerkleHash], to wrong: MerkleHash) -> [[MerkleHash]] {
        proof.indices.flatMap { index in
            var changed = proof
            changed[index] = wrong
            var shorter = proof
            shorter.remove(at: index)
            return [changed, shorter]
        } + [proof + [wrong], [wrong] + proof]
    }

    @Test(arguments: [0, 1, 255, 256, 257, 65_535, 65_536, 65_537, 66_000])
    func `an edge that is read back goes on as the one that was never put down`(size: Int) throws {
        let leaves = Leaves.numbered(0..<size + 600)
        var edge = TileEdge()
        var shelf = TileShelf()
        shelf.replace(edge.append(leaves[..<size]))
        var other = try TileEdge(size: Int64(size), tiles: shelf)
        #expect(other.range.root == edge.range.root)
        #expect(other.append(leaves[size...]) == edge.append(leaves[size...]))
        #expect(other.range.root == edge.range.root)
    }

    @Test func `paths of tiles are those of the specification`() {
        #expect(TileCoordinate(level: 0, number: 1_234_067).path(width: 256) == "tile/0/x001/x234/067")
        #expect(TileCoordinate(level: 2, number: 0).path(width: 1) == "tile/2/000.p/1")
        #expect(TileCoordinate.entriesPath(number: 999, width: 255) == "tile/entries/999.p/255")
        #expect(TileCoordinate.entriesPath(number: 1_000, width: 256) == "tile/entries/x001/000")
    }

    @Test func `a tree has as many levels of tiles as its size asks for`() {
        #expect([0, 1, 255, 256, 65_535, 65_536].map(TileCoordinate.levels) == [0, 1, 1, 2, 2, 3])
    }
}
