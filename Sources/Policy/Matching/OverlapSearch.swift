/// Finds pairs of patterns that overlap although neither is narrower than the other.
///
/// Two patterns in one tree share a prefix and part at some node. Where one goes on by a literal and the other by a
/// parameter, the first is narrower so far; the pair is ambiguous if they meet again with the roles changed. So the
/// search starts at every node with both kinds of children and walks both subtrees at once (`walk`); only where the
/// roles have changed, or a `**` on the narrower side changes them, pairs are looked at. Where patterns part by `**`,
/// the one that has it includes the other: nothing to find.
struct OverlapSearch {
    private let trie: PatternTrie
    private let patterns: [(operation: Int, pattern: OperationPattern)]
    private let ambiguousMax: Int
    private let pairsMax: Int
    /// Whether a parameter or a `**` stands at or below each node: without one the roles cannot change.
    private let isLoose: [Bool]
    /// The methods of all patterns at or below each node: without a common one nothing overlaps.
    private let methods: [MethodSet]
    /// A segment that no pattern states: in an example, no third pattern takes it.
    private let freshName: String
    private var found: [OperationMatcher.Conflict] = []
    /// How many pairs have been looked at.
    private var pairCount = 0
    /// Whether there were more pairs than are looked at.
    private var isExhausted = false

    /// Prepares a search.
    init(
        trie: PatternTrie, patterns: [(operation: Int, pattern: OperationPattern)], ambiguousMax: Int, pairsMax: Int
    ) {
        self.trie = trie
        self.patterns = patterns
        self.ambiguousMax = ambiguousMax
        self.pairsMax = pairsMax
        var isLoose = [Bool](repeating: false, count: trie.nodes.count)
        var methods = [MethodSet](repeating: [], count: trie.nodes.count)
        for index in trie.nodes.indices.reversed() {  // children come after their parents
            let node = trie.nodes[index]
            isLoose[index] = node.parameter != nil || !node.rest.isEmpty || node.literals.contains { isLoose[$0.child] }
            for entry in node.exact + node.rest { methods[index].formUnion(entry.methods) }
            for child in node.children { methods[index].formUnion(methods[child]) }
        }
        let literals = Set(trie.nodes.flatMap { $0.literals.map(\.text) })
        var freshName = "x"
        while literals.contains(freshName) { freshName += "x" }
        self.freshName = freshName
        self.isLoose = isLoose
        self.methods = methods
    }

    /// The ambiguous pairs, at most `ambiguousMax`.
    mutating func ambiguous() -> [OperationMatcher.Conflict] {
        for node in trie.nodes {
            guard let parameter = node.parameter else { continue }
            for (_, child) in node.literals { walk(child, parameter, crossed: false) }
        }
        return found
    }

    private var isFull: Bool { found.count >= ambiguousMax || isExhausted }

    /// Counts a pair; when there are too many, says so once, at a pattern that is among them.
    private mutating func count(_ node: Int) {
        pairCount += 1
        guard pairCount > pairsMax, !isExhausted else { return }
        isExhausted = true
        var node = node
        while trie.nodes[node].exact.isEmpty, trie.nodes[node].rest.isEmpty, let child = trie.nodes[node].children.first
        {
            node = child
        }
        guard let entry = trie.nodes[node].exact.first ?? trie.nodes[node].rest.first else { return }
        found.append(OperationMatcher.Conflict(winner: entry.number, loser: entry.number, kind: .unsearched))
    }

    /// Whether it is worth looking into two subtrees.
    private func mayOverlap(_ left: Int, _ right: Int) -> Bool {
        !isFull && !methods[left].isDisjoint(with: methods[right])
    }

    /// Walks two subtrees along all pairs of nodes that one path can reach.
    ///
    /// - Parameters:
    ///   - left: the node whose patterns win.
    ///   - right: the node that the same path reaches in the other subtree.
    ///   - crossed: whether the right side has been narrower somewhere; before that, only a `**` on the left can cross.
    private mutating func walk(_ left: Int, _ right: Int, crossed: Bool) {
        guard crossed || isLoose[left], mayOverlap(left, right) else { return }
        count(left)
        let (one, other) = (trie.nodes[left], trie.nodes[right])
        if crossed {
            for entry in one.exact {
                for twin in other.exact + other.rest { add(entry, twin) }
            }
            for twin in other.rest { pair(allBelow: left, with: twin) }
        }
        for entry in one.rest { pair(entry, withAllFrom: right) }
        for (text, child) in one.literals {
            if let twin = other.childOfLiteral[text] { walk(child, twin, crossed: crossed) }
            if let parameter = other.parameter { walk(child, parameter, crossed: crossed) }
        }
        if let child = one.parameter {
            for (_, twin) in other.literals { walk(child, twin, crossed: true) }
            if let parameter = other.parameter { walk(child, parameter, crossed: crossed) }
        }
    }

    /// Pairs a pattern that ends in `**` with the patterns at and below a node.
    private mutating func pair(_ entry: PatternTrie.Entry, withAllFrom node: Int) {
        guard !isFull else { return }
        count(node)
        for other in trie.nodes[node].exact + trie.nodes[node].rest { add(entry, other) }
        for child in trie.nodes[node].children { pair(entry, withAllFrom: child) }
    }

    /// Pairs the patterns strictly below a node with a pattern that ends in `**`.
    private mutating func pair(allBelow node: Int, with entry: PatternTrie.Entry) {
        guard !isFull else { return }
        count(node)
        for child in trie.nodes[node].children {
            for other in trie.nodes[child].exact + trie.nodes[child].rest { add(other, entry) }
            pair(allBelow: child, with: entry)
        }
    }

    /// Notes a pair of different operations that share methods, unless a pattern states exactly the overlap.
    ///
    /// That pattern may be one of the two: then it is the narrower one, and nothing is ambiguous.
    private mutating func add(_ winner: PatternTrie.Entry, _ loser: PatternTrie.Entry) {
        let (left, right) = (patterns[winner.number], patterns[loser.number])
        guard !isFull, left.operation != right.operation else { return }
        let methods = winner.methods.intersection(loser.methods)
        guard !methods.isEmpty else { return }
        let overlap = intersection(left.pattern.segments, right.pattern.segments)
        guard !trie.entries(at: overlap).contains(where: { $0.methods.isSuperset(of: methods) }) else { return }
        found.append(
            OperationMatcher.Conflict(
                winner: winner.number, loser: loser.number, kind: .ambiguous(example: example(of: overlap))))
    }

    /// The paths that two overlapping patterns share: always the paths of one pattern.
    private func intersection(
        _ left: [OperationPattern.Segment], _ right: [OperationPattern.Segment]
    ) -> [OperationPattern.Segment] {
        var shared: [OperationPattern.Segment] = []
        for (one, other) in zip(left, right) {
            switch (one, other) {
            case (.rest, _): return shared + right[shared.count...]
            case (_, .rest): return shared + left[shared.count...]
            case (.literal, _): shared.append(one)
            default: shared.append(other)
            }
        }
        return shared
    }

    /// A path of a pattern, with a name that no pattern states in place of its parameters.
    private func example(of segments: [OperationPattern.Segment]) -> String {
        let path = segments.compactMap { segment in
            switch segment {
            case .literal(let text): "/" + PercentDecoding.encoded(text)
            case .parameter: "/" + freshName
            case .rest: nil
            }
        }
        return path.isEmpty ? "/" : path.joined()
    }
}
