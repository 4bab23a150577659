/// Says what a "request" is where numbers of requests are given.
enum CostWords {
    /// What holds if not every request costs 1; `nil` if it does.
    static func sentence(about snapshot: Snapshot) -> String? {
        let dear = snapshot.operations.filter { $0.costs != [1] }
        guard !dear.isEmpty else { return nil }
        let counts = dear.map { operation in
            "one of \(operation.name) counts as \(Wording.list(operation.costs.map { NumberText.grouped($0) }, "or"))"
        }
        return "Where a number of requests is given, \(Wording.list(counts))."
    }
}

extension Operation {
    /// What a request can cost, by its rules, lowest first.
    var costs: [Int64] { Set([max(1, cost)] + rules.compactMap(\.cost).map { max(1, $0) }).sorted() }
}
