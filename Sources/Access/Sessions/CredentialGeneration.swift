/// Counts what an operator signs in with: a new password, a new phone, being disabled are each a new generation.
///
/// A session remembers the generation it began in and ends with it.
package struct CredentialGeneration: Hashable, Sendable {
    /// The number, which only grows.
    package let number: Int64

    /// Wraps a number.
    package init(_ number: Int64) { self.number = number }
}
