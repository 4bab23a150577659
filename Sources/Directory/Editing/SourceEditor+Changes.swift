internal import Policy

/// What has to be written where, by the style of what is there.
extension SourceEditor {
    /// The ways to put an entry into a collection, the best first.
    func changes(inserting entry: Entry, into place: Place) -> [[Change]?] {
        guard layout.isFlow(place.node) || place.isInsideFlow else { return [blockChanges(entry, into: place.node)] }
        return [unfoldingChanges(entry, into: place), flowChanges(entry, into: place.node)]
    }

    /// Writes a value below a key that has none, or in the place of `~`.
    func filling(_ pair: SourceNode.Pair, with value: Fragment, isInsideFlow: Bool) -> [Change]? {
        let start = layout.start(of: pair.value.span)
        guard start >= layout.start(of: pair.key.span) else { return nil }
        let range = start..<start + pair.value.span.length
        if isInsideFlow {
            let isAfterColon = layout.text.scalar(at: start - 1) == ":"
            return [Change(replacing: range, by: (isAfterColon ? " " : "") + value.flow)]
        }
        return below(pair.key, instead: range, value.lines)
    }

    /// Writes an entry below the last one of a list or mapping that has a line for each.
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

    /// Gives each entry of a list or mapping in brackets a line of its own, and adds one.
    ///
    /// A line that would grow with every key is no line that anybody can review. So what stands in brackets on one line
    /// below a key is unfolded when something larger than a text comes into it; its entries are moved as they are.
    private func unfoldingChanges(_ entry: Entry, into place: Place) -> [Change]? {
        guard let key = place.key, !place.isInsideFlow, entry.isCollection else { return nil }
        let start = layout.start(of: place.node.span)
        guard let extent = FlowExtent(layout.text, from: start),
            extent.closing < layout.text.endOfLine(from: start)
        else { return nil }
        let end = extent.endsWithComma ? extent.contentEnd - 1 : extent.contentEnd
        switch (entry, place.node.content) {
        case (.pair(let pair), .mapping(let pairs)):
            let old = sources(pairs.map { layout.start(of: $0.key.span) }, end: end)
            return below(key, instead: start..<extent.closing + 1, old + pair.lines)
        case (.item(let item), .sequence(let items)):
            let old = sources(items.map { layout.start(of: $0.span) }, end: end)
            return below(key, instead: start..<extent.closing + 1, old.map { "- " + $0 } + item.itemLines)
        default: return nil
        }
    }

    /// The source of entries on one line that begin at these offsets, without the commas between them.
    private func sources(_ starts: [Int], end: Int) -> [String] {
        zip(starts, starts.dropFirst() + [end]).map { start, end in
            var source = layout.text.scalars[min(start, end)..<end]
            while let last = source.last, last == " " || last == "\t" { source.removeLast() }
            if source.last == "," { source.removeLast() }
            return String(String.UnicodeScalarView(source))
        }
    }

    /// Takes a value away that stands beside its key and writes lines below the key.
    private func below(_ key: SourceNode.Key, instead range: Range<Int>, _ lines: [String]) -> [Change] {
        var start = range.lowerBound
        if !range.isEmpty {
            while let before = layout.text.scalar(at: start - 1), before == " " || before == "\t" { start -= 1 }
        }
        let indent = key.span.column - 1 + Fragment.indentation
        return [
            Change(replacing: start..<range.upperBound, by: ""),
            Change(at: layout.text.endOfLine(from: range.upperBound), self.lines(lines, indent: indent)),
        ]
    }

    /// Writes an entry behind the last one inside of brackets.
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
            guard closesLater else { return [Change(replacing: start + 1..<extent.closing, by: " \(text) ")] }
            let indent = layout.text.position(of: extent.closing).column - 1 + Fragment.indentation
            return [Change(at: lineEnd, lines([text], indent: indent))]
        }
        let comma = extent.endsWithComma ? [] : [Change(at: extent.contentEnd, ",")]
        let addition =
            closesLater
            ? Change(at: lineEnd, lines([text], indent: lastSpan.column - 1))
            : Change(at: extent.contentEnd, " \(text)")
        return comma + [addition]
    }
}

extension SourceEditor.Entry {
    /// Whether a list or mapping is put in, not a text.
    fileprivate var isCollection: Bool {
        let value =
            switch self {
            case .pair(let pair): pair.value
            case .item(let item): item
            }
        if case .text = value { return false }
        return true
    }
}
