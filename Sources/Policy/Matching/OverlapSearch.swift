/// Finds pairs of patterns that overlap although neither is narrower than the other.
///
/// Two patterns in one tree share a prefix and part at some node. Where one goes on by a literal and the other by a
/// parameter, the first is narrower so far; a pair is ambiguous if they meet again later with the roles changed. So the
/// search starts at every node with both kinds of children and walks both subtrees at once, along all pairs of nodes that
/// one path can reach (`follow`), until the roles change; from there on every pair of patterns that ends together
/// counts (`collect`). Where they part by `**`, the pattern that has it includes the other: nothing to find.
struct OverlapSearch {
    private let trie: PatternTrie
    private let patterns: [(operation: Int, pattern: OperationPattern)]
    private let ambiguousMax: Int
    /// Whether a parameter or a `**` stands at or below each node: without one the roles cannot change.
    private let isLoose: [Bool]
    /// The methods of all patterns at or below each node: without a common one nothing overlaps.
    private let methods: [MethodSet]
    private var found: [OperationMatcher.Conflict] = []

    /// Prepares a search.
    init(trie: PatternTrie, patterns: [(operation: Int, pattern: OperationPattern)], ambiguousMax: Int) {
        self.trie = trie
        self.patterns = patterns
        self.ambiguousMax = ambiguousMax
        var isLoose = [Bool](repeating: false, count: trie.nodes.count)
        var methods = [MethodSet](repeating: [], count: trie.nodes.count)
        for index in trie.nodes.indices.reversed() {  // children come after their parents
            let node = trie.nodes[index]
            isLoose[index] = node.parameter != nil || !node.rest.isEmpty || node.literals.contains { isLoose[$0.child] }
            for entry in node.exact + node.rest { methods[index].formUnion(entry.methods) }
            for child in node.children { methods[index].formUnion(methods[child]) }
        }
        self.isLoose = isLoose
        self.methods = methods
    }

    /// The ambiguous pairs, at most `ambiguousMax`.
    mutating func ambiguous() -> [OperationMatcher.Conflict] {
        for node in trie.nodes {
            guard let parameter = node.parameter else { continue }
            for (_, child) in node.literals { follow(child, parameter) }
        }
        return found
    }

    private var isFull: Bool { found.count >= ambiguousMax }

    /// Whether it is worth looking into two subtrees.
    private func mayOverlap(_ left: Int, _ right: Int) -> Bool {
        !isFull && !methods[left].isDisjoint(with: methods[right])
    }

    /// Walks two subtrees while the left one is narrower.
    private mutating func follow(_ left: Int, _ right: Int) {
        guard isLoose[left], mayOverlap(left, right) else { return }
        let (narrow, wide) = (trie.nodes[left], trie.nodes[right])
        for (text, child) in narrow.literals {
            if let twin = wide.childOfLiteral[text] { follow(child, twin) }
            if let parameter = wide.parameter { follow(child, parameter) }
        }
        if let child = narrow.parameter {
            for (_, twin) in wide.literals { collect(child, twin) }
            if let parameter = wide.parameter { follow(child, parameter) }
        }
        for entry in narrow.rest { pair(entry, withAllBelow: right, exceptRest: true) }
    }

    /// Collects all overlapping pairs of two subtrees.
    private mutating func collect(_ left: Int, _ right: Int) {
        guard mayOverlap(left, right) else { return }
        let (one, other) = (trie.nodes[left], trie.nodes[right])
        for entry in one.exact {
            for twin in other.exact + other.rest { add(entry, twin) }
        }
        for entry in one.rest { pair(entry, withAllBelow: right, exceptRest: false) }
        for twin in other.rest { pair(allBelow: left, with: twin) }
        for (text, child) in one.literals {
            if let twin = other.childOfLiteral[text] { collect(child, twin) }
            if let parameter = other.parameter { collect(child, parameter) }
        }
        if let child = one.parameter {
            for (_, twin) in other.literals { collect(child, twin) }
            if let parameter = other.parameter { collect(child, parameter) }
        }
    }

    /// Pairs a pattern that ends in `**` with the patterns at and below a node.
    private mutating func pair(_ entry: PatternTrie.Entry, withAllBelow node: Int, exceptRest: Bool) {
        guard !isFull else { return }
        let there = trie.nodes[node]
        for other in there.exact { add(entry, other) }
        if !exceptRest {
            for other in there.rest { add(entry, other) }
        }
        for child in there.children {
            pair(entry, withAllBelow: child, exceptRest: false)
        }
    }

    /// Pairs the patterns strictly below a node with a pattern that ends in `**`.
    private mutating func pair(allBelow node: Int, with entry: PatternTrie.Entry) {
        let there = trie.nodes[node]
        for child in there.children {
            guard !isFull else { return }
            for other in trie.nodes[child].exact + trie.nodes[child].rest { add(other, entry) }
            pair(allBelow: child, with: entry)
        }
    }

    /// Notes a pair of different operations that share methods, unless a third pattern states the overlap.
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

    /// A path of a pattern, with names that no pattern states in place of its parameters.
    private func example(of segments: [OperationPattern.Segment]) -> String {
        let path = segments.compactMap { segment in
            switch segment {
            case .literal(let text): "/" + PercentDecoding.encoded(text)
            case .parameter: "/x"
            case .rest: nil
            }
        }
        return path.isEmpty ? "/" : path.joined()
    }
}
