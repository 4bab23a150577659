import Policy

/// A conflict without its example, and without saying which of several takers `unreachable` names.
struct Contest: Hashable {
    let winner: Int
    let loser: Int
    let kind: String

    init(_ conflict: OperationMatcher.Conflict) {
        switch conflict.kind {
        case .identical: self.init(winner: conflict.winner, loser: conflict.loser, kind: "identical")
        case .ambiguous: self.init(winner: conflict.winner, loser: conflict.loser, kind: "ambiguous")
        case .unreachable: self.init(winner: -1, loser: conflict.loser, kind: "unreachable")
        case .unsearched: self.init(winner: conflict.winner, loser: conflict.loser, kind: "unsearched")
        }
    }

    init(winner: Int, loser: Int, kind: String) {
        self.winner = winner
        self.loser = loser
        self.kind = kind
    }
}

/// Finds conflicts by trying every request over a small alphabet against every pattern.
///
/// `c` is in no pattern, paths are longer than any pattern, and `PUT` is a method that no pattern names.
struct ConflictOracle {
    private let patterns: [(operation: Int, pattern: OperationPattern)]
    private let paths = sequences(of: ["a", "b", "c"], upTo: 5)
    private let methods = ["GET", "HEAD", "POST", "PUT"]
    private let pathsOf: [Set<Int>]
    private let methodsOf: [Set<String>]

    init(_ patterns: [(operation: Int, pattern: OperationPattern)]) {
        self.patterns = patterns
        let paths = self.paths
        let methods = self.methods
        let oracle = SlowMatcher(patterns: [])
        pathsOf = patterns.map { entry in
            Set(paths.indices.filter { oracle.matches(entry.pattern.segments, paths[$0]) })
        }
        methodsOf = patterns.map { entry in
            switch entry.pattern.method {
            case nil: Set(methods)
            case "GET": ["GET", "HEAD"]
            case let method?: [method]
            }
        }
    }

    func conflicts() -> Set<Contest> {
        var found: Set<Contest> = []
        var fresh: [Int] = []  // patterns that repeat no earlier one
        for index in patterns.indices {
            let twin = fresh.first {
                pathsOf[$0] == pathsOf[index] && patterns[$0].pattern.method == patterns[index].pattern.method
            }
            if let twin {
                found.insert(Contest(winner: twin, loser: index, kind: "identical"))
            } else {
                fresh.append(index)
            }
        }
        for one in fresh {
            for other in fresh where isAmbiguous(one, other, fresh) {
                found.insert(Contest(winner: one, loser: other, kind: "ambiguous"))
            }
        }
        let reached = reachedPatterns(fresh)
        for index in fresh where !reached.contains(index) {
            found.insert(Contest(winner: -1, loser: index, kind: "unreachable"))
        }
        return found
    }

    /// Whether two patterns cross, no third states the overlap, and the first of the two gets it.
    private func isAmbiguous(_ one: Int, _ other: Int, _ fresh: [Int]) -> Bool {
        guard patterns[one].operation != patterns[other].operation else { return false }
        let (paths, methods) = (
            pathsOf[one].intersection(pathsOf[other]), methodsOf[one].intersection(methodsOf[other])
        )
        guard let path = paths.first, let method = methods.first else { return false }
        guard !pathsOf[one].isSubset(of: pathsOf[other]), !pathsOf[other].isSubset(of: pathsOf[one]) else {
            return false
        }
        guard !fresh.contains(where: { pathsOf[$0] == paths && methodsOf[$0].isSuperset(of: methods) }) else {
            return false
        }
        let pair = SlowMatcher(patterns: [(one, patterns[one].pattern), (other, patterns[other].pattern)])
        return pair.match(method: method, segments: self.paths[path]) == one
    }

    private func reachedPatterns(_ fresh: [Int]) -> Set<Int> {
        let oracle = SlowMatcher(patterns: fresh.map { (operation: $0, pattern: patterns[$0].pattern) })
        var reached: Set<Int> = []
        for path in paths {
            for method in methods { reached.formUnion(oracle.match(method: method, segments: path).map { [$0] } ?? []) }
        }
        return reached
    }
}
