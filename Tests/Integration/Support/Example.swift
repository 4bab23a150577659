import Foundation

/// One of the two worlds under `Examples`.
enum Example: String, Sendable {
    /// Story 001: signatures first.
    case signing = "signing-platform"
    /// Story 003: one tenant, five kinds of work.
    case operations = "operations-platform"

    /// Reads a file of the example and replaces parts of it.
    ///
    /// - Throws: when a part does not occur, because then the test would drive something else than it means to.
    func text(_ name: String, replacing replacements: [(old: String, new: String)] = []) throws -> String {
        var text = try String(contentsOfFile: Repository.file("Examples/\(rawValue)/\(name)"), encoding: .utf8)
        for replacement in replacements {
            let (old, new) = replacement
            guard text.contains(old) else { throw Absent(file: "\(rawValue)/\(name)", part: old) }
            text = text.replacingOccurrences(of: old, with: new)
        }
        return text
    }

    /// The policy, enforced at every hour: a blackout would make answers depend on when the tests run.
    func policy(replacing replacements: [(old: String, new: String)] = []) throws -> String {
        try text("policy.yaml", replacing: replacements + [("      stage: advise\n", "      stage: enforce\n")])
    }

    /// A file of an example does not hold what a test wants to replace.
    struct Absent: Error, CustomStringConvertible {
        /// Which file.
        let file: String
        /// What it should hold.
        let part: String

        var description: String { "Examples/\(file) does not hold \"\(part)\" any more" }
    }
}
