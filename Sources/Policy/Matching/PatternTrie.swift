/// Patterns as a tree of segments, while it grows; `OperationMatcher` freezes it flat.
struct PatternTrie {
    /// The nodes; the root is the first, a child comes after its parent.
    private(set) var nodes = [Node()]

    /// A place in the tree: what stands behind one segment, or the root.
    struct Node {
        /// The children behind literals, in order of insertion.
        var literals: [(text: String, child: Int)] = []
        /// The same children by text.
        var childOfLiteral: [String: Int] = [:]
        /// The child behind a parameter, if there is one.
        var parameter: Int?
        /// The patterns that end here.
        var exact: [Entry] = []
        /// The patterns that end here with `**`.
        var rest: [Entry] = []

        /// The nodes behind literals, then the one behind a parameter.
        var children: [Int] { literals.map(\.child) + (parameter.map { [$0] } ?? []) }
    }

    /// One pattern at the place where it ends.
    struct Entry {
        /// Its method, `nil` for any.
        let method: String?
        /// The methods it lets through.
        let methods: MethodSet
        /// Its number: an index into the patterns that the tree was built from.
        let number: Int
    }

    /// Adds a pattern, unless an identical one is there.
    ///
    /// - Returns: the number of the identical pattern that is there already, `nil` if the pattern was added.
    /// - Complexity: O(segments + methods of the place).
    mutating func insert(_ pattern: OperationPattern, number: Int) -> Int? {
        var node = 0
        for segment in pattern.segments where segment != .rest { node = child(of: node, at: segment) }
        let endsWithRest = pattern.segments.last == .rest
        let there = endsWithRest ? nodes[node].rest : nodes[node].exact
        if let twin = there.first(where: { $0.method == pattern.method }) { return twin.number }
        let entry = Entry(method: pattern.method, methods: MethodSet(pattern.method), number: number)
        if endsWithRest { nodes[node].rest.append(entry) } else { nodes[node].exact.append(entry) }
        return nil
    }

    private mutating func child(of node: Int, at segment: OperationPattern.Segment) -> Int {
        if case .literal(let text) = segment {
            if let child = nodes[node].childOfLiteral[text] { return child }
            nodes[node].childOfLiteral[text] = nodes.count
            nodes[node].literals.append((text, nodes.count))
        } else {
            if let child = nodes[node].parameter { return child }
            nodes[node].parameter = nodes.count
        }
        nodes.append(Node())
        return nodes.count - 1
    }

    /// The patterns with exactly these segments, parameter names aside.
    ///
    /// - Complexity: O(segments).
    func entries(at segments: [OperationPattern.Segment]) -> [Entry] {
        var node = 0
        for segment in segments where segment != .rest {
            let next: Int? =
                if case .literal(let text) = segment { nodes[node].childOfLiteral[text] } else { nodes[node].parameter }
            guard let next else { return [] }
            node = next
        }
        return segments.last == .rest ? nodes[node].rest : nodes[node].exact
    }
}
