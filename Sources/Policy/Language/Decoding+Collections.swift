extension Decoding {
    /// The values of a mapping with known keys; those of an empty mapping for an empty value.
    ///
    /// Missing keys are reported at `owner`, at the mapping itself if that is `nil`.
    package mutating func fields(
        of node: SourceNode, _ shape: MappingShape, owner: SourceSpan? = nil
    ) -> Fields? {
        switch node.content {
        case .mapping(let pairs):
            return fields(of: pairs, shape, owner: owner ?? node.span, isDamaged: node.isDamaged)
        case .null where node.isDamaged: return nil
        case .null: return fields(of: [], shape, owner: owner ?? node.span)
        case .scalar, .sequence:
            mismatch("\(shape.noun) as a mapping", found: node, suggestion: example(of: shape, instead: node))
            return nil
        }
    }

    /// The values of the pairs of a mapping with known keys.
    ///
    /// A misspelt key stands in for the one that was probably meant, if that is missing: one mistake, one report.
    private mutating func fields(
        of pairs: [SourceNode.Pair], _ shape: MappingShape, owner: SourceSpan, isDamaged: Bool = false
    ) -> Fields {
        var known: [String: SourceNode.Pair] = [:]
        let keys = Set(shape.keys)
        for pair in pairs where pair.firstWritten == nil && keys.contains(pair.key.text) {
            known[pair.key.text] = pair
        }
        for pair in pairs where pair.firstWritten == nil && !keys.contains(pair.key.text) {
            guard let meant = unknownKey(pair.key, in: shape), known[meant] == nil else { continue }
            known[meant] = pair
        }
        let missing = shape.required.filter { known[$0] == nil }
        if !missing.isEmpty, !isDamaged {
            error(
                .missingKey, "\(shape.noun) needs \(missing.listed())", at: owner,
                suggestion: "add \(missing.map { "\($0): …" }.listed())")
        }
        return Fields(span: owner, pairs: known)
    }

    /// Reports a key that a mapping cannot have.
    ///
    /// - Returns: the key that was probably meant, if there is one.
    package mutating func unknownKey(_ key: SourceNode.Key, in shape: MappingShape) -> String? {
        let nearest = Spelling.nearest(to: key.text, among: shape.keys)
        error(
            .unknownKey, "\(shape.noun) has no key \(key.text.quoted)", at: key.span,
            suggestion: nearest.map { "did you mean `\($0)`?" } ?? "the keys are \(shape.keys.listed(max: 16))")
        return nearest
    }

    private func example(of shape: MappingShape, instead node: SourceNode) -> String {
        // Where no key is required, the first is the usual one, and a lone text is probably its value.
        if let usual = shape.optional.first, shape.required.isEmpty {
            let value = if case .scalar(let scalar) = node.content { scalar.text } else { "…" }
            return "write " + "{ \(usual): \(value) }".quoted
        }
        let keys = shape.required
        return "write `{ " + keys.map { "\($0): …" }.joined(separator: ", ") + " }`"
    }

    /// The entries of a mapping from names that the author chooses, up to a bound; empty for an empty value.
    ///
    /// Repeated names are left out; the reader has reported them.
    package mutating func entries(of node: SourceNode, _ noun: String, max count: Int) -> [SourceNode.Pair] {
        switch node.content {
        case .mapping(let pairs):
            let first = pairs.filter { $0.firstWritten == nil }
            guard first.count <= count else {
                error(
                    .tooMany, "\(first.count) \(noun) are too many: there may be \(count)", at: first[count].key.span)
                return Array(first.prefix(count))
            }
            return first
        case .null: return []
        case .scalar, .sequence:
            mismatch("a mapping from names to \(noun)", found: node, suggestion: "write `name: { … }` for each")
            return []
        }
    }

    /// The items of a list, up to a bound; empty for an empty value.
    ///
    /// `ofTexts` says that the items are plain texts, so that a lone text only lacks its brackets.
    package mutating func items(
        of node: SourceNode, _ noun: String, max count: Int, ofTexts: Bool = false
    ) -> [SourceNode] {
        switch node.content {
        case .sequence(let items):
            guard items.count <= count else {
                error(.tooMany, "\(items.count) \(noun) are too many: there may be \(count)", at: items[count].span)
                return Array(items.prefix(count))
            }
            return items
        case .null: return []
        case .scalar(let scalar) where ofTexts:
            mismatch("a list of \(noun)", found: node, suggestion: "write \("[ \(scalar.text) ]".quoted)")
            return []
        case .scalar, .mapping:
            mismatch("a list of \(noun)", found: node, suggestion: "write `[ …, … ]`, or a line with `- ` for each")
            return []
        }
    }

    /// A list of different names, up to a bound.
    package mutating func names(of node: SourceNode, _ noun: String, max count: Int) -> [Located<String>] {
        var seen: [String: SourceSpan] = [:]
        var names: [Located<String>] = []
        for item in items(of: node, noun, max: count, ofTexts: true) {
            guard let name = name(item) else { continue }
            if let first = seen[name.value] {
                duplicate(name, first: first)
            } else {
                seen[name.value] = name.span
                names.append(name)
            }
        }
        return names
    }

    /// Reports an entry that a list has before.
    package mutating func duplicate(_ value: Located<String>, first: SourceSpan) {
        error(
            .duplicateValue, "\(value.value.quoted) appears more than once in this list", at: value.span,
            suggestion: "remove one of them", notes: [Diagnostic.Note("it is first written here", at: first)])
    }
}
