internal import Vocabulary

/// Writes diagnostics for people or for tools.
package struct DiagnosticRenderer: Sendable {
    private let names: [String]
    private let texts: [SourceText]
    private let isColoured: Bool

    /// How many columns of a source line are shown.
    private static let lineWidthMax = 160

    /// Prepares the files that the diagnostics' spans point into.
    ///
    /// - Parameters:
    ///   - files: the files in the order in which they were read.
    ///   - isColoured: whether to use ANSI colours.
    package init(files: [SourceFile], isColoured: Bool = false) {
        names = files.map { $0.name.excerpt(count: 400) }
        texts = files.map { SourceText($0.text) }
        self.isColoured = isColoured
    }

    /// The diagnostics as text: place, severity, message and code; the source line; an underline; help and notes.
    ///
    /// - Returns: complete lines, or nothing if there are no diagnostics.
    package func text(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.map(text).joined(separator: "\n")
    }

    private func text(_ diagnostic: Diagnostic) -> String {
        let colour: Colour = diagnostic.severity == .error ? .red : .yellow
        var lines = [
            painted("\(place(of: diagnostic.span)):", .bold) + " " + painted("\(diagnostic.severity.name):", colour)
                + " \(sanitised(diagnostic.message)) [\(diagnostic.code.name)]"
        ]
        if diagnostic.showsSource { lines += excerpt(of: diagnostic.span, colour: colour) }
        if let suggestion = diagnostic.suggestion {
            lines.append("  " + painted("help:", .cyan) + " \(sanitised(suggestion))")
        }
        for note in diagnostic.notes {
            lines.append(
                "  " + painted("note:", .cyan) + " \(place(of: note.span)): \(sanitised(note.message))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func place(of span: SourceSpan) -> String {
        "\(name(of: span)):\(span.line):\(span.column)"
    }

    private func name(of span: SourceSpan) -> String {
        names.indices.contains(span.file) ? names[span.file] : "?"
    }

    private func excerpt(of span: SourceSpan, colour: Colour) -> [String] {
        guard texts.indices.contains(span.file) else { return [] }
        let shown = texts[span.file].line(span.line).map { $0 == "\t" ? " " : $0.printable }
        let line = Array(String(String.UnicodeScalarView(shown)).withKeysMasked.unicodeScalars)
        guard line.contains(where: { $0 != " " }) else { return [] }
        // A long line is cut so that the underlined text stays in view.
        let start = span.column + min(span.length, 40) <= Self.lineWidthMax ? 0 : max(0, span.column - 1 - 40)
        let visible = line.dropFirst(start).prefix(Self.lineWidthMax)
        var text = String(String.UnicodeScalarView(visible))
        while text.last == " " { text.removeLast() }
        let before = max(0, span.column - 1 - start)
        let indent = DisplayWidth.columns(of: visible.prefix(before))
        let marked = DisplayWidth.columns(of: visible.dropFirst(before).prefix(span.length))
        let underline = "^" + String(repeating: "~", count: max(1, marked) - 1)
        return ["  " + text, "  " + String(repeating: " ", count: indent) + painted(underline, colour)]
    }

    /// The text without controls, and without keys: messages quote what strangers wrote.
    private func sanitised(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map(\.printable))).withKeysMasked
    }

    private enum Colour: String {
        case bold = "1"
        case red = "1;31"
        case yellow = "1;33"
        case cyan = "1;36"
    }

    private func painted(_ text: String, _ colour: Colour) -> String {
        isColoured ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }
}

extension DiagnosticRenderer {
    /// The diagnostics as a JSON array, one object a line.
    ///
    /// Members are stable: `file`, `line`, `column`, `endColumn` (columns of Unicode scalars, from 1, the end
    /// exclusive), `severity`, `code`, `message`, `suggestion` (a string or null) and `notes` (objects with `file`,
    /// `line`, `column`, `endColumn`, `message`).
    package func json(_ diagnostics: [Diagnostic]) -> String {
        guard !diagnostics.isEmpty else { return "[]\n" }
        return "[\n" + diagnostics.map { "  " + json($0) }.joined(separator: ",\n") + "\n]\n"
    }

    private func json(_ diagnostic: Diagnostic) -> String {
        let notes = diagnostic.notes.map {
            "{\(json($0.span)),\"message\":\(JSONText.quote($0.message.withKeysMasked))}"
        }
        return "{\(json(diagnostic.span)),\"severity\":\"\(diagnostic.severity.name)\","
            + "\"code\":\(JSONText.quote(diagnostic.code.name)),\"message\":\(JSONText.quote(diagnostic.message.withKeysMasked)),"
            + "\"suggestion\":\(diagnostic.suggestion.map { JSONText.quote($0.withKeysMasked) } ?? "null"),"
            + "\"notes\":[\(notes.joined(separator: ","))]}"
    }

    private func json(_ span: SourceSpan) -> String {
        "\"file\":\(JSONText.quote(name(of: span))),\"line\":\(span.line),\"column\":\(span.column),"
            + "\"endColumn\":\(span.endColumn)"
    }
}
