/// Reads YAML into a tree with positions, and says everything that is wrong with the file at once.
///
/// libyaml stops at its first complaint and Yams expands aliases without a bound. So the reader prepares the text:
/// - It turns each `*` into a private character. Aliases then are plain texts for libyaml, and the tree builder expands
///   them itself, within limits.
/// - Yams refuses a mapping with a repeated key and names one place. The reader renames the key at that place and
///   parses again until nothing is repeated, so that all repetitions are found and the rest of the file is read too.
package struct SourceReader {
    /// The largest file, in bytes: a policy of 10,000 operations with all they can say takes about half of it.
    package static let byteCountMax = 4 << 20
    /// The deepest nesting: the languages of this house need seven levels.
    package static let depthMax = 32
    /// How many nodes aliases may add to those that are written out.
    package static let expansionMax = 100_000
    /// How often a file is parsed at most to find repeated keys.
    package static let parsesMax = 64
    /// How many bytes all parses of a file take together.
    static let parsedBytesMax = 12 << 20

    /// What came out of a file.
    package struct Result: Sendable {
        /// The tree; `nil` if the file has none, which an error explains.
        package let node: SourceNode?
        /// What is wrong.
        package let diagnostics: [Diagnostic]
    }

    private let fileIndex: Int
    private let file: SourceFile
    private let byteCountMax: Int
    private var log = DiagnosticLog()

    private init(_ file: SourceFile, index: Int, byteCountMax: Int) {
        self.file = file
        fileIndex = index
        self.byteCountMax = byteCountMax
    }

    /// Reads a file; `index` is its index among the files that are read together, which spans carry.
    ///
    /// A caller whose files are larger than policies gives a limit of its own; at the peak a tree takes about 60 bytes
    /// of memory for each byte of text.
    ///
    /// - Complexity: O(n), times the number of repeated keys up to a bound.
    package static func read(
        _ file: SourceFile, index: Int = 0, byteCountMax: Int = SourceReader.byteCountMax
    ) -> Result {
        var reader = SourceReader(file, index: index, byteCountMax: byteCountMax)
        let node = reader.read()
        return Result(node: node, diagnostics: reader.log.diagnostics)
    }

    private mutating func read() -> SourceNode? {
        guard file.byteCount <= byteCountMax else {
            report(
                .tooLarge, "the file has \(file.byteCount) bytes; the largest that is read has \(byteCountMax)",
                at: SourceSpan(file: fileIndex, line: 1, column: 1, length: 0),
                suggestion: "split the file; a folder of files is read as one")
            return nil
        }
        var scalars = Array(file.text.unicodeScalars)
        reportMalformedBytes()
        replaceForbiddenCharacters(in: &scalars)
        let text = SourceText(scalars: scalars)
        guard let tree = YAMLTree.parse(text, file: fileIndex, log: &log) else { return nil }
        guard let root = tree.root else {
            report(
                .emptyFile, "the file is empty",
                at: SourceSpan(file: fileIndex, line: 1, column: 1, length: 0))
            return nil
        }
        var builder = SourceTreeBuilder(tree: tree, file: fileIndex, log: log)
        let node = builder.build(root)
        log = builder.log
        return node
    }

    private mutating func reportMalformedBytes() {
        guard let offset = file.malformedByteOffset else { return }
        let text = SourceText(file.text)
        let place = text.scalars.firstIndex(of: "\u{FFFD}").map(text.position) ?? (line: 1, column: 1)
        report(
            .invalidCharacter, "the file is not UTF-8: byte \(offset) belongs to no character",
            at: SourceSpan(file: fileIndex, line: place.line, column: place.column, length: 1),
            suggestion: "save the file in the encoding UTF-8")
    }

    /// Diagnoses the characters that libyaml refuses and puts U+FFFD in their place, so that reading can go on.
    private mutating func replaceForbiddenCharacters(in scalars: inout [Unicode.Scalar]) {
        let text = SourceText(scalars: scalars)
        var count = 0
        for offset in scalars.indices where SourceReader.isForbidden(scalars[offset]) {
            count += 1
            if count <= 10 {
                let place = text.position(of: offset)
                let hex = String(scalars[offset].value, radix: 16, uppercase: true)
                report(
                    .invalidCharacter,
                    "the character U+\(String(repeating: "0", count: max(0, 4 - hex.count)) + hex) may not stand in a file",
                    at: SourceSpan(file: fileIndex, line: place.line, column: place.column, length: 1),
                    suggestion: "remove it; in a text in double quotes it can be written as an escape")
            }
            scalars[offset] = "\u{FFFD}"
        }
    }

    /// Whether a scalar is one that libyaml's reader refuses (YAML 1.1 §5.1, `c-printable`), or one of private use,
    /// which means nothing to anybody else and which `YAMLTree` needs for itself.
    static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xF900...0xFEFE, 0xFF00...0xFFFD, 0x10000...0xEFFFF:
            false
        default: true
        }
    }

    private mutating func report(
        _ code: DiagnosticCode, _ message: String, at span: SourceSpan, suggestion: String? = nil
    ) {
        log.error(code, message, at: span, suggestion: suggestion)
    }
}
