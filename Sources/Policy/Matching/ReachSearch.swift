/// Finds patterns whose every path is taken by more specific ones.
///
/// Only a pattern that ends in `**` can be one. Any other has a path, with fresh names in place of its parameters, that
/// a more specific pattern could only match by a literal, which a fresh name is not. So the paths to look at are those
/// that follow a `**` with 0, 1, 2, … fresh names: they lead along parameters, and each must be taken by a pattern that
/// ends there, until one with a `**` of its own takes all that is longer.
struct ReachSearch {
    /// The patterns.
    let trie: PatternTrie

    /// The patterns that never match.
    ///
    /// - Complexity: linear in nodes, times the length of the longest chain of parameters.
    func unreachable() -> [OperationMatcher.Conflict] {
        trie.nodes.flatMap { node in
            node.rest.compactMap { entry in
                taker(of: entry.methods, from: node).map {
                    OperationMatcher.Conflict(winner: $0.number, loser: entry.number, kind: .unreachable)
                }
            }
        }
    }

    private func taker(of methods: MethodSet, from start: PatternTrie.Node) -> PatternTrie.Entry? {
        var node = start
        while node.exact.contains(where: { $0.methods.isSuperset(of: methods) }), let next = node.parameter {
            node = trie.nodes[next]
            if let taker = node.rest.first(where: { $0.methods.isSuperset(of: methods) }) { return taker }
        }
        return nil
    }
}
