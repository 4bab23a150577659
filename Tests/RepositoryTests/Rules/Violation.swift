/// One place that breaks a rule.
struct Violation: Error, Hashable, Comparable, CustomStringConvertible {
    /// The path from the root of the checkout.
    var path: String
    /// The line; the first is 1.
    var line: Int
    /// What is wrong, and what to do instead.
    var message: String

    /// Names a place and what is wrong there.
    init(_ path: String, _ line: Int, _ message: String) {
        self.path = path
        self.line = line
        self.message = message
    }

    var description: String { "\(path):\(line): \(message)" }

    static func < (left: Violation, right: Violation) -> Bool {
        (left.path, left.line, left.message) < (right.path, right.line, right.message)
    }
}
