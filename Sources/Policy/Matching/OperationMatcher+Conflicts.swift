extension OperationMatcher {
    /// Two patterns that get in each other's way.
    package struct Conflict: Hashable, Sendable {
        /// The pattern that gets the contested requests, an index into the input.
        package let winner: Int
        /// The pattern that does not, an index into the input.
        package let loser: Int
        /// What is wrong between the two.
        package let kind: Kind

        /// States a conflict.
        package init(winner: Int, loser: Int, kind: Kind) {
            self.winner = winner
            self.loser = loser
            self.kind = kind
        }

        /// The ways in which two patterns get in each other's way.
        package enum Kind: Hashable, Sendable {
            /// Same method, same paths: `loser` comes later and never matches.
            case identical
            /// Patterns of different operations both match the example path, the paths of neither include those of the
            /// other, and no third pattern states exactly the overlap, so only the order of specificity decides.
            case ambiguous(example: String)
            /// More specific patterns together take every path of `loser`; `winner` takes all from some length on.
            case unreachable
            /// There are more overlaps than are looked at; both numbers are that of a pattern among them.
            case unsearched
        }
    }

    /// How many pairs of nodes are looked at for ambiguities: about a second's work.
    ///
    /// Each place of a path at which both a word and a parameter lead on can multiply the pairs by four, and patterns
    /// for all combinations at ten such places reach this; interfaces have one or two.
    package static let pairsMax = 1_000_000

    /// Finds patterns that get in each other's way.
    ///
    /// - Parameters:
    ///   - patterns: what a matcher would be built from.
    ///   - ambiguousMax: how many ambiguous pairs are reported at most; beyond it a policy has one problem, not many.
    ///   - pairsMax: how many pairs of nodes are looked at for them.
    /// - Returns: identical and unreachable patterns, all of them, and ambiguous pairs; sorted by loser, then winner.
    /// - Complexity: linear in the segments of all patterns, times the pairs of nodes that one path can reach at once:
    ///   1 without literals beside parameters; at most `pairsMax`. Never compares all pairs.
    package static func conflicts(
        in patterns: [(operation: Int, pattern: OperationPattern)], ambiguousMax: Int = 1_000,
        pairsMax: Int = OperationMatcher.pairsMax
    ) -> [Conflict] {
        var trie = PatternTrie()
        var conflicts: [Conflict] = []
        for (number, entry) in patterns.enumerated() {
            guard let twin = trie.insert(entry.pattern, number: number) else { continue }
            conflicts.append(Conflict(winner: twin, loser: number, kind: .identical))
        }
        conflicts += ReachSearch(trie: trie).unreachable()
        var overlaps = OverlapSearch(trie: trie, patterns: patterns, ambiguousMax: ambiguousMax, pairsMax: pairsMax)
        conflicts += overlaps.ambiguous()
        return conflicts.sorted { ($0.loser, $0.winner) < ($1.loser, $1.winner) }
    }
}
