extension OperationMatcher {
    /// Finds the operation of a request.
    ///
    /// - Parameters:
    ///   - method: the method as the client sent it.
    ///   - path: the request target as the client sent it; scheme, authority and query are cut here.
    /// - Returns: the operation's number, nothing, or why the request is not matched at all.
    /// - Complexity: O(bytes of the path + `stepsMax`), no allocation.
    package func match(method: Span<UInt8>, path: Span<UInt8>) -> MatchResult {
        trace(method: method, path: path).result
    }

    /// Finds the operation of a request; for tools, tests, and callers whose path is a string anyway.
    package func match(method: String, path: String) -> MatchResult {
        match(method: method.utf8Span.span, path: path.utf8Span.span)
    }

    /// Finds the operation of a request, and says how many nodes of the tree were visited for it.
    func trace(method: Span<UInt8>, path: Span<UInt8>) -> (result: MatchResult, steps: Int) {
        if PathScan.isAsterisk(path) { return (.none, 0) }
        do throws(PathProblem) {
            let methods = try methodNumbers(of: method)
            let scan = try PathScan(path, literals: literals)
            var walk = Walk(methods: methods, stems: scan.stems)
            let result = find(from: 0, at: 0, scan.literals.span.extracting(first: scan.count), &walk)
            return (result, walk.steps)
        } catch {
            return (.refused(error), 0)
        }
    }

    /// One walk through the tree.
    private struct Walk {
        /// The request's method and what it falls back to, as numbers; -1 for methods that no pattern names.
        let methods: (own: Int32, fallback: Int32)
        /// The literals that the last segment spells up to a dot, -1 for none.
        let stems: (Int32, Int32)
        /// How many nodes have been visited.
        var steps = 0
    }

    /// The best match below a node for the path from a depth on.
    ///
    /// Recursion is bounded by `segmentsMax`.
    private func find(
        from number: Int32, at depth: Int, _ path: Span<Int32>, _ walk: inout Walk
    ) -> MatchResult {
        walk.steps += 1
        let node = nodes[Int(number)]
        var found = MatchResult.none
        if depth == path.count {
            if node.hasExact { found = operation(atLeaf: number * 2, walk) }
        } else {
            if node.hasLiterals { found = findBehindLiteral(from: number, at: depth, path, &walk) }
            if found == .none, node.parameter >= 0 { found = find(from: node.parameter, at: depth + 1, path, &walk) }
        }
        return found == .none && node.hasRest ? operation(atLeaf: number * 2 + 1, walk) : found
    }

    /// The best match behind the literal that the segment at a depth spells.
    ///
    /// At the end of the path a literal with an unknown extension is refused: a pattern further right in the order
    /// might match it, but a server that drops extensions would serve the literal.
    private func findBehindLiteral(
        from number: Int32, at depth: Int, _ path: Span<Int32>, _ walk: inout Walk
    ) -> MatchResult {
        if path[depth] >= 0, case let child = edges.value(number, path[depth]), child >= 0 {
            let found = find(from: child, at: depth + 1, path, &walk)
            if found != .none { return found }
        }
        guard depth + 1 == path.count else { return .none }
        let isExtended = endsBehind(walk.stems.0, from: number, walk) || endsBehind(walk.stems.1, from: number, walk)
        return isExtended ? .refused(.extendedLiteral) : .none
    }

    /// Whether the path would match if it ended in this literal.
    private func endsBehind(_ literal: Int32, from number: Int32, _ walk: Walk) -> Bool {
        guard literal >= 0, case let child = edges.value(number, literal), child >= 0 else { return false }
        return operation(atLeaf: child * 2, walk) != .none || operation(atLeaf: child * 2 + 1, walk) != .none
    }

    /// The operation of a leaf for the walk's method.
    private func operation(atLeaf leaf: Int32, _ walk: Walk) -> MatchResult {
        var operation = walk.methods.own < 0 ? -1 : leaves.value(leaf, walk.methods.own)
        if operation < 0, walk.methods.fallback >= 0 { operation = leaves.value(leaf, walk.methods.fallback) }
        if operation < 0 { operation = leaves.value(leaf, OperationMatcher.anyMethod) }
        return operation < 0 ? .none : .operation(Int(operation))
    }

    /// The number of a method, and of `GET` if the method is `HEAD`; -1 for none, and for what no pattern names.
    private func methodNumbers(of method: Span<UInt8>) throws(PathProblem) -> (own: Int32, fallback: Int32) {
        guard method.count > 0, method.count <= OperationMatcher.methodBytesMax else { throw .malformedMethod }
        for index in method.indices {
            switch method[index] {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                continue
            default: throw .malformedMethod
            }
        }
        let own = methods.number(of: method)
        return (own, own == OperationMatcher.headMethod ? OperationMatcher.getMethod : -1)
    }
}
