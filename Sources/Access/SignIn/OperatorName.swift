/// The name of a person who operates Headgate.
///
/// Small letters only: `Ada` and `ada` must not be two people. Names stand in records, headers and paths, so they are
/// ASCII without white space and without `/`.
package struct OperatorName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The name itself.
    package let text: String

    /// The longest name, in bytes: most mail addresses fit.
    package static let lengthMax = 64

    /// Reads a name: 1 to 64 small letters, digits and `. _ - @ +`, a letter or digit first; anything else is `nil`.
    package init?(_ text: String) {
        guard let first = text.utf8.first, text.utf8.count <= OperatorName.lengthMax,
            OperatorName.isAlphanumeric(first),
            text.utf8.allSatisfy({ OperatorName.isAlphanumeric($0) || OperatorName.marks.contains($0) })
        else { return nil }
        self.text = text
    }

    private static let marks = Array("._-@+".utf8)

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }

    package static func < (left: OperatorName, right: OperatorName) -> Bool { left.text < right.text }

    /// The name.
    package var description: String { text }
}
