/// What the embedded engine cannot begin with, or go on by.
public struct EmbeddedAdmissionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// All that is wrong, with file, line and what to write instead.
    public let description: String

    /// States what is wrong.
    package init(_ description: String) { self.description = description }
}
