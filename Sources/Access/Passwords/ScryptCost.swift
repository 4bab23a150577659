/// How much work and memory one guess at a password takes (RFC 7914).
package struct ScryptCost: Hashable, Sendable {
    /// The binary logarithm of N: passes over the memory.
    package let rounds: Int
    /// r: the size of a block, in 128 bytes.
    package let blockSize: Int
    /// p: how often all of it is done, one after the other.
    package let parallelism: Int

    /// N = 2¹⁶, r = 8, p = 2: 64 MiB.
    ///
    /// One of the equally strong settings of OWASP's Password Storage Cheat Sheet, which begins with N = 2¹⁷, p = 1;
    /// for the same work it takes half the memory, of which a server that governs traffic has better use.
    package static let current = ScryptCost(uncheckedRounds: 16, blockSize: 8, parallelism: 2)

    /// Takes three numbers, as they may stand in a text that was stored; `nil` below N = 2¹⁰, which nobody uses, and
    /// for what would take more than 256 MiB or four times the work of today.
    ///
    /// Without the bounds, whoever can write one text could stop the server with it.
    package init?(rounds: Int, blockSize: Int, parallelism: Int) {
        guard ScryptCost.roundsRange ~= rounds, ScryptCost.blockSizes ~= blockSize,
            ScryptCost.parallelisms ~= parallelism
        else { return nil }
        self.init(uncheckedRounds: rounds, blockSize: blockSize, parallelism: parallelism)
        guard memoryBytes <= ScryptCost.memoryMax, memoryBytes * parallelism <= ScryptCost.workMax else { return nil }
    }

    private init(uncheckedRounds rounds: Int, blockSize: Int, parallelism: Int) {
        self.rounds = rounds
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    private static let roundsRange = 10...20
    /// Up to 16: beyond that swift-crypto allows one derivation less memory than BoringSSL asks for.
    private static let blockSizes = 8...16
    private static let parallelisms = 1...16
    private static let memoryMax = 256 << 20
    private static let workMax = 4 * (64 << 20) * 2

    /// The memory of one derivation, in bytes.
    package var memoryBytes: Int { 128 * blockSize << rounds }
}
