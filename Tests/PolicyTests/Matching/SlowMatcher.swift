import Policy

/// Tries every pattern and sorts those that match: slow, and easy to check by eye against the rules.
struct SlowMatcher {
    let patterns: [(operation: Int, pattern: OperationPattern)]

    /// The operation for a method and clean segments; `nil` if no pattern matches.
    func match(method: String, segments: [String]) -> Int? {
        let ranks = patterns.enumerated().compactMap { number, entry -> (rank: [Int], operation: Int)? in
            guard let methodRank = methodRank(of: entry.pattern, for: method) else { return nil }
            guard matches(entry.pattern.segments, segments) else { return nil }
            return (pathRank(of: entry.pattern) + [methodRank, number], entry.operation)
        }
        return ranks.min { $0.rank.lexicographicallyPrecedes($1.rank) }?.operation
    }

    /// The request's own method, `GET` for `HEAD`, any method; `nil` if the pattern is for another.
    private func methodRank(of pattern: OperationPattern, for method: String) -> Int? {
        switch pattern.method {
        case method: 0
        case "GET" where method == "HEAD": 1
        case nil: 2
        default: nil
        }
    }

    /// Literal, parameter, end, rest, from left to right.
    private func pathRank(of pattern: OperationPattern) -> [Int] {
        let ranks = pattern.segments.map { segment in
            switch segment {
            case .literal: 0
            case .parameter: 1
            case .rest: 3
            }
        }
        return ranks.last == 3 ? ranks : ranks + [2]
    }

    func matches(_ pattern: [OperationPattern.Segment], _ segments: [String]) -> Bool {
        guard let first = pattern.first else { return segments.isEmpty }
        switch first {
        case .rest: return true
        case .parameter: return !segments.isEmpty && matches(Array(pattern.dropFirst()), Array(segments.dropFirst()))
        case .literal(let text):
            return segments.first?.lowercased() == text
                && matches(Array(pattern.dropFirst()), Array(segments.dropFirst()))
        }
    }
}

/// Parses patterns and numbers them in order.
func numbered(_ texts: [String]) throws -> [(operation: Int, pattern: OperationPattern)] {
    try texts.enumerated().map { ($0.offset, try OperationPattern(parsing: $0.element)) }
}

/// All sequences of up to `lengthMax` words.
func sequences(of words: [String], upTo lengthMax: Int) -> [[String]] {
    var all: [[String]] = [[]]
    var longest: [[String]] = [[]]
    for _ in 0..<lengthMax {
        longest = longest.flatMap { prefix in words.map { prefix + [$0] } }
        all += longest
    }
    return all
}
