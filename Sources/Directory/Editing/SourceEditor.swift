internal import Policy

/// Puts entries into a YAML text and leaves everything else as it is: comments, order, layout, line ends.
struct SourceEditor {
    private let root: SourceNode
    private let layout: SourceLayout
    private let lineBreak: String

    /// One step from a node to one below it.
    enum Step: Sendable {
        /// To the value of a key.
        case key(String)
        /// To an item of a list.
        case item(Int)
    }

    /// What is put in.
    enum Entry: Sendable {
        /// A key with its value, into a mapping.
        case pair(Fragment.Pair)
        /// An item, at the end of a list.
        case item(Fragment)
    }

    /// A change of the text: what stands in the range is replaced.
    private struct Change {
        var range: Range<Int>
        var text: String

        init(at offset: Int, _ text: String) {
            range = offset..<offset
            self.text = text
        }

        init(replacing range: Range<Int>, _ text: String) {
            self.range = range
            self.text = text
        }
    }

    /// Prepares to edit a file.
    ///
    /// - Parameters:
    ///   - file: the file.
    ///   - root: its tree.
    init(_ file: SourceFile, root: SourceNode) {
        self.root = root
        layout = SourceLayout(text: SourceText(file.text))
        let firstEnd = layout.text.endOfLine(from: 0)
        lineBreak = layout.text.scalar(at: firstEnd) == "\r" ? "\r\n" : "\n"
    }

    /// The text with an entry put in at the end of a collection.
    ///
    /// - Parameters:
    ///   - entry: what is put in.
    ///   - path: the way to the collection. What is missing of it is written too.
    /// - Returns: `nil` where the layout is none that the editor understands. What it returns may still mean something
    ///   else than it should; the caller reads it again and compares.
    /// - Complexity: O(n).
    func inserting(_ entry: Entry, at path: [Step]) -> String? {
        var node = root
        var isFlow = layout.isFlow(root)
        for (position, step) in path.enumerated() {
            let rest = path[(position + 1)...]
            switch (step, node.content) {
            case (.key(let key), .mapping(let pairs)):
                guard let pair = pairs.last(where: { $0.key.text == key }) else {
                    guard let value = SourceEditor.fragment(entry, at: rest) else { return nil }
                    return insert(.pair(Fragment.Pair(key, value)), into: node, isFlow: isFlow)
                }
                if case .null = pair.value.content {
                    guard let value = SourceEditor.fragment(entry, at: rest) else { return nil }
                    return fill(pair, with: value, isFlow: isFlow)
                }
                node = pair.value
            case (.item(let index), .sequence(let items)):
                guard items.indices.contains(index) else { return nil }
                node = items[index]
            default: return nil
            }
            isFlow = isFlow || layout.isFlow(node)
        }
        return insert(entry, into: node, isFlow: isFlow)
    }

    /// The entry with the collections around it that are still missing.
    static func fragment(_ entry: Entry, at path: ArraySlice<Step>) -> Fragment? {
        var fragment: Fragment =
            switch entry {
            case .pair(let pair): .mapping([pair], .block)
            case .item(let item): .sequence([item], .block)
            }
        for step in path.reversed() {
            guard case .key(let key) = step else { return nil }
            fragment = .mapping([Fragment.Pair(key, fragment)], .block)
        }
        return fragment
    }

    private func insert(_ entry: Entry, into node: SourceNode, isFlow: Bool) -> String? {
        let changes = isFlow ? flowChanges(entry, into: node) : blockChanges(entry, into: node)
        return changes.map(applying)
    }

    /// Writes a value below a key that has none, or in the place of `~`.
    private func fill(_ pair: SourceNode.Pair, with value: Fragment, isFlow: Bool) -> String? {
        let start = layout.start(of: pair.value.span)
        guard start >= layout.start(of: pair.key.span) else { return nil }
        if isFlow || pair.value.span.length > 0 {
            let isAfterColon = layout.text.scalar(at: start - 1) == ":"
            let range = start..<start + pair.value.span.length
            return applying([Change(replacing: range, (isAfterColon ? " " : "") + value.flow)])
        }
        let indent = pair.key.span.column - 1 + Fragment.indentation
        return applying([Change(at: layout.text.endOfLine(from: start), lines(value.lines, indent: indent))])
    }

    private func blockChanges(_ entry: Entry, into node: SourceNode) -> [Change]? {
        let lines: [String]
        switch (entry, node.content) {
        case (.pair(let pair), .mapping): lines = pair.lines
        case (.item(let item), .sequence(let items)):
            // A list of mappings in block style goes on in block style.
            if case .mapping(let pairs, _) = item, let last = items.last, case .mapping = last.content,
                !layout.isFlow(last)
            {
                lines = Fragment.mapping(pairs, .block).itemLines
            } else {
                lines = item.itemLines
            }
        default: return nil
        }
        let indent = node.span.column - 1
        guard let end = layout.end(of: node, indent: indent - 1, notBefore: 0) else { return nil }
        return [Change(at: layout.text.endOfLine(from: end), self.lines(lines, indent: indent))]
    }

    private func flowChanges(_ entry: Entry, into node: SourceNode) -> [Change]? {
        let text: String
        let lastSpan: SourceSpan?
        switch (entry, node.content) {
        case (.pair(let pair), .mapping(let pairs)): (text, lastSpan) = (pair.flow, pairs.last?.key.span)
        case (.item(let item), .sequence(let items)): (text, lastSpan) = (item.flow, items.last?.span)
        default: return nil
        }
        let start = layout.start(of: node.span)
        guard let extent = FlowExtent(layout.text, from: start) else { return nil }
        let lineEnd = layout.text.endOfLine(from: extent.contentEnd)
        let closesLater = extent.closing > lineEnd  // then a comment may follow, and the entry gets a line of its own
        guard let lastSpan else {
            guard closesLater else { return [Change(replacing: start + 1..<extent.closing, " \(text) ")] }
            let indent = layout.text.position(of: extent.closing).column - 1 + Fragment.indentation
            return [Change(at: lineEnd, lines([text], indent: indent))]
        }
        let comma = extent.endsWithComma ? [] : [Change(at: extent.contentEnd, ",")]
        return comma
            + [
                closesLater
                    ? Change(at: lineEnd, lines([text], indent: lastSpan.column - 1))
                    : Change(at: extent.contentEnd, " \(text)")
            ]
    }

    private func lines(_ lines: [String], indent: Int) -> String {
        lines.map { lineBreak + String(repeating: " ", count: indent) + $0 }.joined()
    }

    /// The text after changes that are given from front to back.
    private func applying(_ changes: [Change]) -> String {
        var scalars = layout.text.scalars
        for change in changes.reversed() { scalars.replaceSubrange(change.range, with: change.text.unicodeScalars) }
        return String(String.UnicodeScalarView(scalars))
    }
}
