/// Finds the operation of a method and a path in time that does not grow with the number of operations.
///
/// **Which pattern wins.** Two patterns that match one path are compared segment by segment from the left; at the first
/// difference a literal beats a parameter, a parameter beats `**`, and a pattern that ends beats one that goes on with
/// `**`. Patterns with the same segments compare their methods: the request's own beats `GET` (for `HEAD`), and that
/// beats `ANY`. A `GET` pattern matches `HEAD` as well, because servers run the same handler for both.
///
/// **How.** The patterns form a tree of segments, frozen into tables of integers. A match reads the path once, turns
/// each segment into the number of the literal it spells (`PathScan`), and walks the tree depth first in the order
/// above, one table lookup per edge. It goes back only where a literal and a parameter stand side by side, so it visits
/// at most `stepsMax` nodes whatever the path is. That bound is computed from the policy when the matcher is built: it
/// is the depth of the tree plus one for policies without such places, and can at most double with each such place on
/// one path.
///
/// A match allocates nothing and takes no lock.
package struct OperationMatcher: Sendable {
    /// The nodes of the tree, the root first.
    let nodes: [Node]
    /// Numbers the literals of all patterns.
    let literals: LiteralTable
    /// Numbers the methods that patterns name.
    let methods: LiteralTable
    /// From a node and a literal to the node behind it.
    let edges: PairTable
    /// From a leaf and a method to the operation.
    ///
    /// A node has two leaves: twice its number for patterns that end there, and one more for those that end there
    /// with `**`.
    let leaves: PairTable
    /// The most nodes that any match visits.
    package let stepsMax: Int

    /// The longest path that is matched, in bytes without the query.
    ///
    /// nginx (8 KiB) and Apache (8,190 bytes) accept no longer request line by default.
    package static let pathBytesMax = 8192
    /// The most segments a path may have: far above any real interface, and low enough for a walk on the stack.
    package static let segmentsMax = 64
    /// The longest method in bytes; the longest registered one has 17.
    package static let methodBytesMax = 32

    /// The number of what patterns for any method are filed under.
    static let anyMethod: Int32 = 0
    /// The number of `GET`.
    static let getMethod: Int32 = 1
    /// The number of `HEAD`.
    static let headMethod: Int32 = 2

    /// One node of the tree.
    struct Node: Sendable {
        /// The node behind a parameter, -1 if there is none.
        var parameter: Int32 = -1
        /// Whether any literal leads on.
        var hasLiterals = false
        /// Whether a pattern ends here.
        var hasExact = false
        /// Whether a pattern ends here with `**`.
        var hasRest = false
    }

    /// A matcher that knows no operation.
    package init() { self.init(patterns: []) }

    /// Compiles patterns; of identical ones the first counts, which `conflicts(in:)` finds.
    ///
    /// - Parameter patterns: what to match, each with the number to answer.
    /// - Precondition: numbers are not negative and fit into 32 bits.
    /// - Complexity: O(segments of all patterns).
    package init(patterns: [(operation: Int, pattern: OperationPattern)]) {
        var trie = PatternTrie()
        for (number, entry) in patterns.enumerated() { _ = trie.insert(entry.pattern, number: number) }
        var freezer = Freezer()
        freezer.freeze(trie) { patterns[$0].operation }
        nodes = freezer.nodes
        literals = LiteralTable(freezer.literals.words)
        methods = LiteralTable(freezer.methods.words)
        edges = PairTable(freezer.edges)
        leaves = PairTable(freezer.leaves)
        stepsMax = OperationMatcher.stepsMax(of: trie)
    }

    /// The most nodes a walk can visit from each node: itself, the dearest literal child, and the parameter child.
    private static func stepsMax(of trie: PatternTrie) -> Int {
        var steps = [Int](repeating: 1, count: trie.nodes.count)
        for index in trie.nodes.indices.reversed() {  // children come after their parents
            let node = trie.nodes[index]
            steps[index] += node.literals.map { steps[$0.child] }.max() ?? 0
            steps[index] += node.parameter.map { steps[$0] } ?? 0
        }
        return steps[0]
    }
}
