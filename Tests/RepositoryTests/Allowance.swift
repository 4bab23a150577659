/// A known breach of a rule that is not mended yet: this many in this file, and no more.
///
/// The list only shrinks. A test fails when a file has more than it is allowed, and also when it has fewer: then the
/// number is lowered, or the line taken out.
struct Allowance: Sendable {
    /// The rule's name.
    var rule: String
    /// The file.
    var path: String
    /// How many places break the rule.
    var count: Int
    /// Why they are not mended yet.
    var reason: String

    /// All that is allowed.
    static let all: [Allowance] = []
}

extension Allowance {
    /// What is left of a rule's violations beyond what is allowed, and the allowances that are larger than needed.
    static func excess(_ violations: [Violation], rule: String, allowances: [Allowance]) -> [Violation] {
        let allowed = allowances.filter { $0.rule == rule }
        let byPath = Dictionary(grouping: violations, by: \.path)
        let excess = byPath.flatMap { path, found in
            allowed.contains { $0.path == path && $0.count >= found.count } ? [] : found
        }
        let stale = allowed.filter { $0.count > byPath[$0.path]?.count ?? 0 }.map {
            Violation($0.path, 1, "is allowed \($0.count) of \(rule) but has \(byPath[$0.path]?.count ?? 0): lower it")
        }
        return (excess + stale).sorted()
    }
}
