extension PolicyDocument {
    /// One entry of `operations`.
    struct Operation {
        /// The name.
        var name: Located<String>
        /// The patterns, with the texts they are read from.
        var patterns: [(text: String, pattern: OperationPattern, span: SourceSpan)] = []
        /// What one call costs, if stated.
        var cost: Located<Int64>?
        /// How many seats one call takes, if stated.
        var seats: Located<Int64>?
        /// The tier, if stated.
        var tier: Located<String>?
        /// The class, if stated.
        var trafficClass: Located<String>?
        /// The feature a plan must have.
        var feature: Located<String>?
        /// Whether repeats are recognised.
        var idempotency: Policy.Operation.Idempotency = .optional
        /// The rules on attributes.
        var rules: [Rule] = []

        /// Decodes an entry; `nil` if it has no usable name.
        init?(_ pair: SourceNode.Pair, _ decoding: inout Decoding) {
            name = Located(pair.key.text, at: pair.key.span)
            guard decoding.check(name: name) else { return nil }
            let fields =
                decoding.fields(of: pair.value, .operation, owner: pair.key.span) ?? Fields(span: pair.key.span)
            if let node = fields["match"] { decodePatterns(node, &decoding) }
            cost = fields["cost"].flatMap { decoding.cost($0) }
            seats = fields["seats"].flatMap {
                decoding.number($0, "the number of seats that one call takes", in: 1...Limit.weight)
            }
            tier = fields["tier"].flatMap { decoding.name($0) }
            trafficClass = fields["class"].flatMap { decoding.name($0) }
            feature = fields["feature"].flatMap { decoding.name($0) }
            let choices: [(String, Policy.Operation.Idempotency)] = [
                ("required", .required), ("optional", .optional), ("none", .none),
            ]
            idempotency =
                fields["idempotent"].flatMap { decoding.choice($0, "a value of `idempotent`", choices) }?.value
                ?? .optional
            if let node = fields["when"] {
                rules = decoding.items(of: node, "rules", max: Limit.rules).compactMap { Rule($0, &decoding) }
            }
            decoding.checkDescription(in: fields)
        }

        private mutating func decodePatterns(_ node: SourceNode, _ decoding: inout Decoding) {
            let nodes: [SourceNode] =
                if case .scalar = node.content {
                    [node]
                } else {
                    decoding.items(of: node, "patterns", max: Limit.patterns)
                }
            for node in nodes {
                guard case .scalar(let scalar) = node.content else {
                    decoding.mismatch("a pattern like `GET /v1/envelopes/{id}`", found: node)
                    continue
                }
                do {
                    patterns.append((scalar.text, try OperationPattern(parsing: scalar.text), node.span))
                } catch {
                    decoding.error(
                        .invalidPattern, error.message.asDiagnosticMessage,
                        at: node.span(utf8Offset: error.utf8Offset, length: error.utf8Length),
                        suggestion: error.suggestion.map { $0.isEmpty ? "remove this part" : "write \($0.quoted)" })
                }
            }
        }
    }

    /// One entry of `when`.
    struct Rule {
        /// Where it stands.
        var span: SourceSpan
        /// The attributes and the values that satisfy it, in the order of the file.
        var conditions: [Condition] = []
        /// The tier instead, if stated.
        var tier: Located<String>?
        /// The class instead, if stated.
        var trafficClass: Located<String>?
        /// The cost instead, if stated.
        var cost: Located<Int64>?
        /// Whether a condition could not be read, so that nothing can be said about what the rule covers.
        var isDamaged = false

        /// One attribute with the values that satisfy the rule.
        struct Condition {
            /// The attribute's name.
            var attribute: Located<String>
            /// The values.
            var values: [Located<String>]
        }

        /// Decodes an entry.
        init?(_ node: SourceNode, _ decoding: inout Decoding) {
            span = node.span
            guard case .mapping(let pairs) = node.content else {
                decoding.mismatch(
                    "a rule as a mapping", found: node,
                    suggestion: "write `{ workflow.stage: dormant, tier: best-effort }`")
                return nil
            }
            if pairs.count > Limit.rules {
                decoding.error(
                    .tooMany, "\(pairs.count) keys are too many for a rule: there may be \(Limit.rules)", at: span)
            }
            for pair in pairs.prefix(Limit.rules) where pair.firstWritten == nil {
                switch pair.key.text {
                case "tier": tier = decoding.name(pair.value)
                case "class": trafficClass = decoding.name(pair.value)
                case "cost": cost = decoding.cost(pair.value)
                default: decodeCondition(pair, &decoding)
                }
            }
            guard !pairs.contains(where: { MappingShape.rule.keys.contains($0.key.text) }) else { return }
            let typo = pairs.first { Spelling.nearest(to: $0.key.text, among: MappingShape.rule.keys) != nil }
            decoding.error(
                .missingKey, "this rule changes nothing", at: typo?.key.span ?? span,
                suggestion: typo.flatMap { Spelling.nearest(to: $0.key.text, among: MappingShape.rule.keys) }.map {
                    "did you mean `\($0)`?"
                } ?? "add `tier`, `class` or `cost`: what holds instead when the conditions are met")
        }

        private mutating func decodeCondition(_ pair: SourceNode.Pair, _ decoding: inout Decoding) {
            let attribute = Located(pair.key.text, at: pair.key.span)
            guard decoding.check(name: attribute) else {
                isDamaged = true
                return
            }
            let nodes: [SourceNode] =
                if case .scalar = pair.value.content {
                    [pair.value]
                } else {
                    decoding.items(of: pair.value, "values", max: Limit.rules)
                }
            var values: [Located<String>] = []
            for node in nodes {
                guard let value = decoding.text(node, "a value of the attribute \(attribute.value.quoted)") else {
                    continue
                }
                if let first = values.first(where: { $0.value == value.value }) {
                    decoding.duplicate(value, first: first.span)
                } else {
                    values.append(value)
                }
            }
            if nodes.isEmpty, case .sequence = pair.value.content {
                decoding.error(
                    .invalidValue,
                    "no value of the attribute \(attribute.value.quoted) is listed, so the rule never holds",
                    at: pair.value.span, suggestion: "list at least one value")
            } else if case .null = pair.value.content {
                decoding.mismatch("a value of the attribute \(attribute.value.quoted)", found: pair.value)
            }
            isDamaged = isDamaged || values.isEmpty || values.count < nodes.count
            conditions.append(Condition(attribute: attribute, values: values))
        }
    }
}

extension Decoding {
    /// What one call costs, in cost units.
    mutating func cost(_ node: SourceNode) -> Located<Int64>? {
        number(node, "a cost", in: 1...PolicyDocument.Limit.cost)
    }
}

extension String {
    /// A whole sentence in the form of diagnostics: without the full stop and the capital of its first word.
    fileprivate var asDiagnosticMessage: String {
        let text = hasSuffix(".") ? dropLast() : self[...]
        guard let first = text.first, first.isUppercase, text.dropFirst().first?.isUppercase != true else {
            return String(text)
        }
        return first.lowercased() + text.dropFirst()
    }
}

extension DiagnosticCode {
    /// A pattern of an operation that cannot be read.
    static let invalidPattern = DiagnosticCode("invalid-pattern")
}
