/// The stable name of a kind of mistake: `unknown-key`.
///
/// Codes are interface: tools filter by them, and documentation lists them. Each room that diagnoses something adds
/// its codes as static members in an extension.
package struct DiagnosticCode: Hashable, Sendable {
    /// The name, in lower case with hyphens.
    package let name: String

    /// Names a kind of mistake.
    package init(_ name: String) { self.name = name }
}

extension DiagnosticCode {
    /// Bytes that are not UTF-8, or characters that no text file should hold.
    package static let invalidCharacter = DiagnosticCode("invalid-character")
    /// Not YAML.
    package static let invalidSyntax = DiagnosticCode("invalid-syntax")
    /// A tab where YAML wants spaces.
    package static let tabIndentation = DiagnosticCode("tab-indentation")
    /// The file holds nothing.
    package static let emptyFile = DiagnosticCode("empty-file")
    /// More than one document in a file.
    package static let severalDocuments = DiagnosticCode("several-documents")
    /// A limit on size, depth or expansion.
    package static let tooLarge = DiagnosticCode("too-large")
    /// One key twice in a mapping.
    package static let duplicateKey = DiagnosticCode("duplicate-key")
    /// A key that is not a plain text.
    package static let invalidKey = DiagnosticCode("invalid-key")
    /// An alias without an anchor.
    package static let unknownAlias = DiagnosticCode("unknown-alias")
    /// A YAML feature that Headgate's files leave out: tags, merge keys.
    package static let unsupportedSyntax = DiagnosticCode("unsupported-syntax")
}
