internal import Yams

/// What Yams makes of a text, and what was done to the text to get there.
///
/// This file and the tree builder are the only places that know Yams.
struct YAMLTree {
    /// The text as its author wrote it.
    let text: SourceText
    /// The document; `nil` if the file holds none.
    let root: Yams.Node?
    /// What stands where the author wrote `*`.
    ///
    /// Private characters are free for use: the reader lets none pass.
    static let star: Unicode.Scalar = "\u{E000}"
    /// The keys that were renamed, by the offset of their node, with their true names.
    let renamedKeys: [Int: String]
    /// Keeps the anchors of the nodes alive, to which they hold weak references.
    private let parser: Yams.Parser

    /// Parses a text until it has no repeated keys.
    ///
    /// - Returns: `nil` if the text is not YAML, which a diagnostic explains.
    static func parse(_ text: SourceText, file: Int, log: inout DiagnosticLog) -> YAMLTree? {
        var scalars = text.scalars.map { $0 == "*" ? star : $0 }
        var renamed: [Int: String] = [:]
        let parsesMax = max(1, min(SourceReader.parsesMax, SourceReader.parsedBytesMax / (scalars.count + 1)))
        while true {
            do {
                let parser = try Yams.Parser(
                    yaml: String(String.UnicodeScalarView(scalars)), resolver: .basic, encoding: .utf8)
                let root = try parser.singleRoot()
                return YAMLTree(text: text, root: root, renamedKeys: renamed, parser: parser)
            } catch YamlError.duplicatedKeysInMapping(let duplicates, let context) {
                let offset = text.offset(line: context.mark.line, column: context.mark.column)
                let name = restored(duplicates.first ?? "")
                guard renamed.count + 1 < parsesMax, renamed[offset] == nil,
                    let first = SourceExtent(text).renamableScalar(ofKeyAt: offset),
                    let stand = Unicode.Scalar(star.value + 1 + UInt32(renamed.count))
                else {
                    renamed[offset] = name
                    for diagnostic in stuck(on: renamed, in: text, file: file) { log.report(diagnostic) }
                    return nil
                }
                renamed[offset] = name
                scalars[first] = stand
            } catch {
                log.report(SyntaxProblem(error, in: text).diagnostic(file: file))
                return nil
            }
        }
    }

    /// A text of a node as its author wrote it.
    static func restored(_ text: String) -> String {
        guard text.unicodeScalars.contains(star) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == star ? "*" : $0 }))
    }

    /// The diagnostics for repeated keys when one cannot be renamed, or when there are too many.
    private static func stuck(on keys: [Int: String], in text: SourceText, file: Int) -> [Diagnostic] {
        keys.map { offset, name in
            let place = text.position(of: offset)
            return Diagnostic(
                .error, .duplicateKey, "the key \(name.quoted) appears more than once in this mapping",
                at: SourceSpan(file: file, line: place.line, column: place.column, length: 1),
                suggestion: "keep one of them; the rest of the file was not read")
        }
    }
}
