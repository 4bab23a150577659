internal import Policy

/// Tells where the source of a node ends, which the tree does not say for what goes on over several lines.
///
/// This is no second reading of the YAML: it knows from the tree what stands where, and looks only for closing
/// brackets, closing quotes and the end of the indentation. Where it errs, the edit built on it does not mean what it
/// should; the editor finds that out, because it reads every edited text again before it believes it.
struct SourceLayout {
    /// The text.
    let text: SourceText

    /// The offset at which a node's content begins.
    func start(of span: SourceSpan) -> Int { text.offset(line: span.line, column: span.column) }

    /// Whether a node is written in brackets.
    func isFlow(_ node: SourceNode) -> Bool {
        switch node.content {
        case .mapping: text.scalar(at: start(of: node.span)) == "{"
        case .sequence: text.scalar(at: start(of: node.span)) == "["
        case .scalar, .null: false
        }
    }

    /// The first offset after a node in a block, comments not counted.
    ///
    /// - Parameters:
    ///   - node: the node.
    ///   - indent: how far the block that holds it is indented, in columns; what belongs to the node is deeper.
    ///   - earliest: where the node can begin at the earliest.
    /// - Returns: `nil` if the node's source is somewhere else, as that of an alias is.
    func end(of node: SourceNode, indent: Int, notBefore earliest: Int) -> Int? {
        let start = start(of: node.span)
        guard start >= earliest else { return nil }
        if isFlow(node) { return FlowExtent(text, from: start).map { $0.closing + 1 } }
        switch node.content {
        case .null: return start + node.span.length
        case .scalar(let scalar): return end(of: scalar, from: start, indent: indent)
        case .mapping(let pairs):
            guard let last = pairs.last else { return nil }
            return end(of: last.value, indent: node.span.column - 1, notBefore: self.start(of: last.key.span))
        case .sequence(let items):
            guard let last = items.last else { return nil }
            return end(of: last, indent: node.span.column - 1, notBefore: start)
        }
    }

    private func end(of scalar: SourceNode.Scalar, from start: Int, indent: Int) -> Int? {
        switch scalar.style {
        case .quoted: FlowExtent.endOfQuoted(text, from: start)
        case .block: endOfIndented(from: start, indent: indent, endsAtComment: false)
        case .plain:
            scalar.verbatim.map { self.start(of: $0) + $0.length }
                ?? endOfIndented(from: start, indent: indent, endsAtComment: true)
        }
    }

    /// The end of the last line that says something and is indented more than a number of columns, from a line on.
    private func endOfIndented(from start: Int, indent: Int, endsAtComment: Bool) -> Int {
        var line = text.position(of: start).line
        var end = text.endOfLine(from: start)
        while line < text.lineStarts.count {
            line += 1
            let scalars = text.line(line)
            let depth = scalars.prefix { $0 == " " }.count
            guard depth < scalars.count else { continue }  // an empty line
            if depth <= indent || endsAtComment && scalars[scalars.startIndex + depth] == "#" { break }
            end = scalars.endIndex
        }
        return end
    }
}
