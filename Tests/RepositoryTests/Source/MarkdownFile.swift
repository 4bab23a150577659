/// One Markdown document, read for the rules.
struct MarkdownFile: Sendable {
    /// A link to another place in the tree.
    struct Link: Hashable {
        /// Where it leads, as written: a path, a path and `#section`, or `#section`.
        var target: String
        /// The line it stands on.
        var line: Int
    }

    /// A heading.
    struct Heading: Hashable {
        /// How deep: 1 is the title.
        var level: Int
        /// Its text, with its markup.
        var text: String
        /// The line it stands on.
        var line: Int
    }

    /// The path from the root of the checkout.
    let path: String
    /// All links that name no scheme.
    private(set) var links: [Link] = []
    /// All headings.
    private(set) var headings: [Heading] = []
    /// What stands between backticks, with the line it stands on.
    private(set) var codeSpans: [(text: String, line: Int)] = []
    /// The rows of tables, cell by cell, with the line each stands on.
    private(set) var rows: [(cells: [String], line: Int)] = []

    /// Reads a document's text; what stands in fenced blocks counts for nothing.
    init(path: String, text: String) {
        self.path = path
        var fence: Substring?
        for (offset, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let trimmed = line.drop { $0 == " " }
            let marker = trimmed.prefix { $0 == "`" || $0 == "~" }
            if marker.count >= 3, fence == nil || trimmed == fence {
                fence = fence == nil ? marker : nil
            } else if fence == nil {
                read(trimmed, line: offset + 1)
            }
        }
    }

    private mutating func read(_ line: Substring, line number: Int) {
        let level = line.prefix { $0 == "#" }.count
        if level > 0, level <= 6, line.dropFirst(level).first == " " {
            headings.append(Heading(level: level, text: String(line.dropFirst(level + 1)), line: number))
        }
        if line.first == "|" {
            let cells = line.dropFirst().split(separator: "|", omittingEmptySubsequences: false)
            rows.append((cells.map(\.trimmed), number))
        }
        let pieces = line.split(separator: "`", omittingEmptySubsequences: false)
        var prose = ""
        for (index, piece) in pieces.enumerated() {
            if index % 2 == 0 || index == pieces.count - 1 {
                prose += piece
            } else {
                codeSpans.append((String(piece), number))
            }
        }
        readLinks(prose, line: number)
    }

    private mutating func readLinks(_ prose: String, line: Int) {
        for piece in prose.split(separator: "](", omittingEmptySubsequences: false).dropFirst() {
            let target = piece.prefix { $0 != ")" && $0 != " " }
            if !target.contains(":"), !target.isEmpty { links.append(Link(target: String(target), line: line)) }
        }
    }

    /// The names under which the headings can be reached, as GitHub makes them.
    var anchors: Set<String> {
        var seen: [String: Int] = [:]
        return Set(
            headings.map { heading in
                let kept = heading.text.lowercased().filter { $0.isLetter || $0.isNumber || "-_ ".contains($0) }
                let anchor = kept.split(separator: " ", omittingEmptySubsequences: false).joined(separator: "-")
                defer { seen[anchor, default: 0] += 1 }
                return seen[anchor].map { "\(anchor)-\($0)" } ?? anchor
            })
    }

    /// The first code span of each row of the tables below a heading, up to the next heading of its level or above.
    func firstCells(below title: String) -> [String] {
        guard let start = headings.firstIndex(where: { $0.text == title }) else { return [] }
        let end = headings[(start + 1)...].first { $0.level <= headings[start].level }?.line ?? Int.max
        return rows.filter { $0.line > headings[start].line && $0.line < end }.compactMap { row in
            guard let cell = row.cells.first, cell.hasPrefix("`"), cell.hasSuffix("`") else { return nil }
            return String(cell.dropFirst().dropLast())
        }
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
