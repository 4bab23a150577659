internal import Yams

extension SourceTreeBuilder {
    /// The key that a node is; `nil` if it cannot be one, which is reported.
    mutating func key(from node: Yams.Node) -> SourceNode.Key? {
        let offset = node.mark.map { tree.text.offset(line: $0.line, column: $0.column) } ?? 0
        let start = extent.content(from: offset)
        reportTag(at: offset)
        guard case .scalar(let scalar) = node else {
            _ = refused(.invalidKey, "a key is a text, not a list or mapping", at: start)
            return nil
        }
        if scalar.style == .plain, scalar.string.unicodeScalars.first == YAMLTree.star {
            _ = refused(.invalidKey, "a key may not be an alias", at: start, suggestion: "write the key itself")
            return nil
        }
        if let anchor = node.anchor {
            let node = SourceNode(
                span: span(start, start),
                content: .scalar(.init(text: YAMLTree.restored(scalar.string), style: .plain, verbatim: nil)))
            anchors[anchor.rawValue] = Anchored(node: node, size: Measure())
        }
        let text = tree.renamedKeys[offset] ?? YAMLTree.restored(scalar.string)
        let place = span(start, extent.scalar(text, from: start).end)
        if scalar.style == .plain, text == "<<" {
            log.error(
                .unsupportedSyntax, "merge keys (`<<`) are not read", at: place,
                suggestion: "write the keys out, so that a reviewer sees what holds")
            return nil
        }
        guard !text.isEmpty else {
            _ = refused(.invalidKey, "a key may not be empty", at: start)
            return nil
        }
        return SourceNode.Key(text: text, span: place)
    }

    /// Reports a key that its mapping has before.
    mutating func reportDuplicate(_ key: SourceNode.Key, first: SourceSpan) {
        log.error(
            .duplicateKey, "the key \(key.text.quoted) appears more than once in this mapping", at: key.span,
            suggestion: "remove one of them or give it another name",
            notes: [Diagnostic.Note("it is first written here", at: first)])
    }
}
