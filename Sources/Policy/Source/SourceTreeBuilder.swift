internal import Yams

/// Turns Yams's nodes into ours: with spans, with aliases expanded within limits, with texts for keys.
struct SourceTreeBuilder {
    /// What is built from.
    let tree: YAMLTree
    private let file: Int
    /// Finds where nodes end.
    let extent: SourceExtent
    /// The nodes that have names, by name.
    var anchors: [String: Anchored] = [:]
    private var expanded = 0
    private var isLimitReported = false
    /// What was wrong.
    var log: DiagnosticLog

    /// A node that was given a name, with what an alias to it costs.
    struct Anchored {
        var node: SourceNode
        var size: Measure
    }

    /// How large a node is once aliases are expanded.
    struct Measure {
        var count = 1
        var height = 1

        /// Counts a child and everything below it.
        mutating func add(_ child: Measure) {
            count += child.count
            height = max(height, child.height + 1)
        }
    }

    /// Prepares to build from a parsed text.
    init(tree: YAMLTree, file: Int, log: DiagnosticLog) {
        self.tree = tree
        self.file = file
        self.log = log
        extent = SourceExtent(tree.text)
    }

    /// Builds the tree below a node.
    mutating func build(_ root: Yams.Node) -> SourceNode { build(root, depth: 1).node }

    private mutating func build(_ node: Yams.Node, depth: Int) -> (node: SourceNode, size: Measure, end: Int) {
        let offset = node.mark.map { tree.text.offset(line: $0.line, column: $0.column) } ?? 0
        let start = extent.content(from: offset)
        guard depth <= SourceReader.depthMax else {
            return refused(.tooLarge, "the file is nested more than \(SourceReader.depthMax) levels deep", at: start)
        }
        reportTag(at: offset)
        let built: (node: SourceNode, size: Measure, end: Int)
        switch node {
        case .scalar(let scalar): built = build(scalar, from: start, depth: depth)
        case .sequence(let sequence): built = build(sequence, from: start, depth: depth)
        case .mapping(let mapping): built = build(mapping, from: start, depth: depth)
        case .alias: built = refused(.unknownAlias, "an alias may not stand here", at: start)
        }
        if let anchor = node.anchor { anchors[anchor.rawValue] = Anchored(node: built.node, size: built.size) }
        return built
    }

    private mutating func build(
        _ sequence: Yams.Node.Sequence, from start: Int, depth: Int
    ) -> (node: SourceNode, size: Measure, end: Int) {
        var size = Measure()
        var end = start
        var items: [SourceNode] = []
        for item in sequence {
            let child = build(item, depth: depth + 1)
            items.append(child.node)
            size.add(child.size)
            end = child.end
        }
        end = endOfCollection(from: start, lastChildEnd: end)
        return (SourceNode(span: span(start, end), content: .sequence(items)), size, end)
    }

    private mutating func build(
        _ mapping: Yams.Node.Mapping, from start: Int, depth: Int
    ) -> (node: SourceNode, size: Measure, end: Int) {
        var size = Measure()
        var end = start
        var pairs: [SourceNode.Pair] = []
        var firstPlaces: [String: SourceSpan] = [:]
        var isDamaged = false
        for (keyNode, valueNode) in mapping {
            let key = key(from: keyNode)
            let value = build(valueNode, depth: depth + 1)
            size.add(value.size)
            end = value.end
            guard let key else {
                isDamaged = true
                continue
            }
            let first = firstPlaces[key.text]
            if let first { reportDuplicate(key, first: first) } else { firstPlaces[key.text] = key.span }
            pairs.append(SourceNode.Pair(key: key, value: value.node, firstWritten: first))
        }
        end = endOfCollection(from: start, lastChildEnd: end)
        return (SourceNode(span: span(start, end), content: .mapping(pairs), isDamaged: isDamaged), size, end)
    }

    private mutating func build(
        _ scalar: Yams.Node.Scalar, from start: Int, depth: Int
    ) -> (node: SourceNode, size: Measure, end: Int) {
        if scalar.style == .plain, scalar.string.unicodeScalars.first == YAMLTree.star {
            return expand(String(YAMLTree.restored(scalar.string).dropFirst()), from: start, depth: depth)
        }
        let value = YAMLTree.restored(scalar.string)
        if scalar.style == .plain, ["", "~", "null", "Null", "NULL"].contains(value) {
            let end = start + value.unicodeScalars.count
            return (SourceNode(span: span(start, end), content: .null), Measure(), end)
        }
        let style: SourceNode.Scalar.Style =
            switch scalar.style {
            case .singleQuoted, .doubleQuoted: .quoted
            case .literal, .folded: .block
            case .plain, .any: .plain
            }
        let reach = extent.scalar(value, from: start)
        let verbatim = reach.verbatim.map { span($0.lowerBound, $0.upperBound) }
        let content = SourceNode.Scalar(text: value, style: style, verbatim: style == .block ? nil : verbatim)
        return (SourceNode(span: span(start, reach.end), content: .scalar(content)), Measure(), reach.end)
    }

    /// Puts the node that an alias names in its place.
    private mutating func expand(
        _ name: String, from start: Int, depth: Int
    ) -> (node: SourceNode, size: Measure, end: Int) {
        let end = start + 1 + name.unicodeScalars.count
        guard !name.isEmpty, name.utf8.allSatisfy(SourceTreeBuilder.isNameByte) else {
            return refused(
                .invalidSyntax, "a text that begins with `*` needs quotes, because `*` is YAML's mark for aliases",
                at: start, suggestion: "write it in quotes: \"*\(name.excerpt(count: 60))\"")
        }
        guard let anchored = anchors[name] else {
            return refused(
                .unknownAlias, "the alias `*\(name.excerpt(count: 60))` names no anchor before it", at: start, end: end,
                suggestion: "put `&\(name.excerpt(count: 60))` before the value that is meant, or quote the text")
        }
        expanded += anchored.size.count
        guard expanded <= SourceReader.expansionMax, depth + anchored.size.height <= SourceReader.depthMax + 1 else {
            return refused(
                .tooLarge,
                "aliases may not add more than \(SourceReader.expansionMax) nodes or nest deeper than "
                    + "\(SourceReader.depthMax) levels", at: start, end: end)
        }
        return (anchored.node, anchored.size, end)
    }

    /// Whether a byte may stand in the name of an anchor, for libyaml.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private func endOfCollection(from start: Int, lastChildEnd: Int) -> Int {
        switch tree.text.scalar(at: start) {
        case "[", "{": extent.endOfFlow(from: start, lastChildEnd: lastChildEnd)
        default: extent.trimmedEndOfLine(from: start)
        }
    }

    /// Reports a tag in front of a node, YAML's own ones included: what a text means is not for its author to choose.
    mutating func reportTag(at offset: Int) {
        guard let tag = extent.tag(from: offset) else { return }
        let name = String(String.UnicodeScalarView(tree.text.scalars[tag]))
        log.error(
            .unsupportedSyntax, "tags such as \(name.quoted) are not read",
            at: span(tag.lowerBound, extent.trimmedEndOfLine(from: tag.lowerBound)), suggestion: "remove the tag")
    }

    /// Reports something that cannot be read, and stands a damaged node in for it.
    mutating func refused(
        _ code: DiagnosticCode, _ message: String, at start: Int, end: Int? = nil, suggestion: String? = nil
    ) -> (node: SourceNode, size: Measure, end: Int) {
        let end = end ?? extent.trimmedEndOfLine(from: start)
        let place = span(start, end)
        // Limits are reported once: whatever comes after the first excess is a consequence.
        if code != .tooLarge || !isLimitReported { log.error(code, message, at: place, suggestion: suggestion) }
        isLimitReported = isLimitReported || code == .tooLarge
        return (SourceNode(span: place, content: .null, isDamaged: true), Measure(), end)
    }

    /// The span between two offsets, cut at the end of its first line.
    func span(_ start: Int, _ end: Int) -> SourceSpan {
        let place = tree.text.position(of: start)
        let last = min(max(start, end), tree.text.endOfLine(from: start))
        return SourceSpan(file: file, line: place.line, column: place.column, length: last - start)
    }
}
