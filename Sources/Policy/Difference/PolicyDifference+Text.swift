extension PolicyDifference {
    /// The difference for people: a summary in one sentence, then everything by subject, in lines of at most 120
    /// characters.
    package var text: String {
        var lines = TextLayout.wrap(summary)
        guard !isEmpty else { return lines.joined(separator: "\n") + "\n" }
        lines += ["", "  from  \(from.words)", "  to    \(to.words)"]
        for section in sections {
            lines += ["", Wording.sentence(section.subject.words)]
            lines += Table(section.lines).rows
        }
        return lines.map(TextLayout.trimmed).joined(separator: "\n") + "\n"
    }

    /// The lines by subject, in their order.
    private var sections: [(subject: Subject, lines: [Line])] {
        var sections: [(subject: Subject, lines: [Line])] = []
        for line in lines {
            if sections.last?.subject == line.subject.whole {
                sections[sections.count - 1].lines.append(line)
            } else {
                sections.append((line.subject.whole, [line]))
            }
        }
        return sections
    }
}

extension PolicyDifference.Side {
    /// The policy and its version.
    var words: String { "\(name)  \(version)" }
}

extension PolicyDifference.Line {
    /// The fact within its subject: `class repair: guarantee`.
    var fact: String {
        guard let part = subject.part else { return aspect.words }
        return "\(part.kind.name) \(part.name): \(aspect.words)"
    }

    /// Both values for the table.
    var texts: (old: String, new: String) {
        if case .pace(let first) = old, case .pace(let second) = new { return Pace.texts(first.pace, second.pace) }
        return (old.text, new.text)
    }
}

/// The lines of one subject in columns: verdict, fact, old, new, and the change where there are numbers.
///
/// A value that is too long for its column stands below its line, and so do notes.
private struct Table {
    private static let valueWidthMax = 22
    private static let indent = "             "

    private let lines: [PolicyDifference.Line]
    private let changes: [PolicyDifference.Change?]
    private let widths: (fact: Int, old: Int, new: Int, absolute: Int, percent: Int)

    init(_ lines: [PolicyDifference.Line]) {
        self.lines = lines
        changes = lines.map { PolicyDifference.Change(from: $0.old, to: $0.new) }
        let short = lines.filter(Table.isShort)
        let old = short.map(\.texts.old.count).max() ?? 0
        let new = short.map(\.texts.new.count).max() ?? 0
        let absolute = changes.compactMap { $0?.absolute.count }.max() ?? 0
        let percent = changes.compactMap { $0?.percent?.count }.max() ?? 0
        let room = TextLayout.widthMax - 11 - (2 + old + 4 + new + 2 + absolute + 2 + percent)
        widths = (min(room, short.map(\.fact.count).max() ?? 0), old, new, absolute, percent)
    }

    private static func isShort(_ line: PolicyDifference.Line) -> Bool {
        line.aspect != .presence && line.texts.old.count <= valueWidthMax
            && line.texts.new.count <= valueWidthMax
    }

    var rows: [String] { zip(lines, changes).flatMap(rows) }

    private func rows(_ line: PolicyDifference.Line, _ change: PolicyDifference.Change?) -> [String] {
        let verdict = "  " + TextLayout.padded(line.verdict.name, to: 9)
        let notes = line.note.map { TextLayout.wrap($0, first: Table.indent, rest: Table.indent) } ?? []
        if line.aspect == .presence {
            let words = line.old.isPresent ? "removed: \(line.old.text)" : "new: \(line.new.text)"
            return TextLayout.wrap(words, first: verdict, rest: Table.indent) + notes
        }
        guard Table.isShort(line) else {
            return TextLayout.wrap(line.fact, first: verdict, rest: Table.indent)
                + TextLayout.wrap(line.texts.old, first: Table.indent + "from  ", rest: Table.indent + "      ")
                + TextLayout.wrap(line.texts.new, first: Table.indent + "to    ", rest: Table.indent + "      ") + notes
        }
        let values =
            "  " + TextLayout.aligned(line.texts.old, to: widths.old) + " -> "
            + TextLayout.padded(line.texts.new, to: widths.new) + "  "
            + TextLayout.aligned(change?.absolute ?? "", to: widths.absolute) + "  "
            + TextLayout.aligned(change?.percent ?? "", to: widths.percent)
        guard line.fact.count <= widths.fact else {
            let blank = String(repeating: " ", count: 11 + widths.fact)
            return TextLayout.wrap(line.fact, first: verdict, rest: Table.indent) + [blank + values] + notes
        }
        return [verdict + TextLayout.padded(line.fact, to: widths.fact) + values] + notes
    }
}
