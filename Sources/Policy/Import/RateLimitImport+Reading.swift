internal import Vocabulary

extension MappingShape {
    /// A file of the reference service's configuration.
    static let importedRoot = MappingShape("a configuration", required: ["domain"], optional: ["descriptors"])
    /// One of its descriptors.
    static let importedDescriptor = MappingShape(
        "a descriptor", required: ["key"],
        optional: [
            "value", "rate_limit", "descriptors", "shadow_mode", "quota_mode", "share_threshold", "detailed_metric",
            "value_to_metric", "metadata",
        ])
    /// One of its limits.
    static let importedLimit = MappingShape(
        "`rate_limit`", optional: ["unit", "requests_per_unit", "unlimited", "name", "replaces"])
    /// A limit that another one replaces.
    static let importedReplacement = MappingShape("an entry of `replaces`", required: ["name"])
}

extension RateLimitImport {
    /// Takes domains out of trees.
    struct Reading {
        /// The domains so far, those of one name merged.
        private(set) var domains: [Domain] = []
        /// What is wrong so far.
        var decoding = Decoding()

        /// Reads one file.
        mutating func read(_ root: SourceNode) {
            guard let fields = decoding.fields(of: root, .importedRoot) else { return }
            let name = fields["domain"].flatMap { decoding.descriptorText($0, .domain) }
            let entries = fields["descriptors"].map { read(list: $0) } ?? []
            guard let name else { return }
            guard let index = domains.firstIndex(where: { $0.name.value == name.value }) else {
                domains.append(Domain(name: name, entries: entries))
                return
            }
            domains[index].entries += entries
            decoding.log.warning(
                .notCarriedOver, "the domain \(name.value.quoted) stands in two files and is merged", at: name.span,
                suggestion: "the service does so only with MERGE_DOMAIN_CONFIG=true; else it refuses the files",
                notes: [Diagnostic.Note("it is first named here", at: domains[index].name.span)])
        }

        private mutating func read(list node: SourceNode) -> [Entry] {
            var entries: [Entry] = []
            for item in decoding.items(of: node, "descriptors", max: PolicyDocument.Limit.descriptorLimits) {
                if let entry = read(entry: item) { entries.append(entry) }
            }
            return entries
        }

        private mutating func read(entry node: SourceNode) -> Entry? {
            guard let fields = decoding.fields(of: node, .importedDescriptor) else { return nil }
            let key = fields["key"].flatMap { decoding.descriptorText($0, .key) }
            let value = fields["value"].flatMap { read(value: $0) }
            let entries = fields["descriptors"].map { read(list: $0) } ?? []
            let isShadow = fields["shadow_mode"].flatMap { decoding.flag($0) }?.value ?? false
            let isShared = fields["share_threshold"].flatMap { decoding.flag($0) }?.value ?? false
            reportUnsayable(fields)
            guard let key else { return nil }
            var entry = Entry(key: key, value: value, isShadow: isShadow, isShared: isShared, entries: entries)
            if let node = fields["rate_limit"], node.content != .null { read(limit: node, into: &entry) }
            check(entry, fields)
            return entry
        }

        /// An empty value is none, as the service reads it.
        private mutating func read(value node: SourceNode) -> Located<String>? {
            if case .scalar(let scalar) = node.content, scalar.text.isEmpty { return nil }
            return node.content == .null ? nil : decoding.descriptorText(node, .value)
        }

        private mutating func check(_ entry: Entry, _ fields: Fields) {
            let isPattern = entry.value.map { $0.value.utf8.contains(ValuePattern.star) } ?? false
            if entry.isShared, !isPattern {
                decoding.error(
                    .invalidValue, "`share_threshold` is for values with a `*`", at: fields.span(of: "share_threshold"),
                    suggestion: "remove it; the service refuses it too")
            }
            if entry.key.value.utf8.contains(ValuePattern.star) {
                decoding.log.warning(
                    .notCarriedOver, "a `*` in a key stands for itself here, while the service takes it for a pattern",
                    at: entry.key.span, suggestion: "write one entry for each key")
            }
        }

        private mutating func reportUnsayable(_ fields: Fields) {
            let unsayable = [
                ("detailed_metric", "there are no metrics by descriptor; no decision depends on it"),
                ("value_to_metric", "there are no metrics by descriptor; no decision depends on it"),
                ("metadata", "limits have no metadata of their own; no decision depends on it"),
                (
                    "quota_mode",
                    "every limit counts for itself, also where the service waits until all quotas are spent"
                ),
            ]
            for (key, reason) in unsayable {
                guard let node = fields[key], node.content != .null else { continue }
                if key != "metadata" {
                    guard let flag = decoding.flag(node), flag.value else { continue }
                }
                decoding.log.warning(
                    .notCarriedOver, "`\(key)` is not carried over", at: fields.span(of: key), suggestion: reason)
            }
        }
    }
}

extension RateLimitImport.Reading {
    private mutating func read(limit node: SourceNode, into entry: inout RateLimitImport.Entry) {
        guard let fields = decoding.fields(of: node, .importedLimit) else { return }
        entry.name = fields["name"].flatMap { decoding.text($0, "a name") }
        entry.replaces = fields["replaces"].map { read(replaces: $0) } ?? []
        for name in entry.replaces where name.value == entry.name?.value {
            decoding.error(
                .invalidValue, "a limit cannot replace itself", at: name.span,
                suggestion: "remove it; the service refuses it too")
        }
        let requests = fields["requests_per_unit"].flatMap {
            decoding.number($0, "`requests_per_unit`", in: 0...PolicyDocument.Limit.requests)
        }
        if fields["unlimited"].flatMap({ decoding.flag($0) })?.value == true {
            entry.amount = .unlimited
            guard fields["unit"] != nil else { return }
            decoding.error(
                .invalidValue, "a limit that is unlimited has no unit", at: fields.span(of: "unit"),
                suggestion: "remove it; the service refuses it too")
            return
        }
        guard let unitNode = fields["unit"] else {
            decoding.error(
                .missingKey, "`rate_limit` needs `unit`", at: node.span,
                suggestion: "add `unit: second`, or `unlimited: true`; the service refuses it too")
            return
        }
        guard let unit = read(unit: unitNode) else { return }
        if fields["requests_per_unit"] == nil {
            decoding.log.warning(
                .notCarriedOver, "`requests_per_unit` is missing, which the service reads as 0: nothing goes through",
                at: node.span, suggestion: "state it; here it becomes `requests: 0`")
            entry.amount = .requests(Located(0, at: node.span), unit)
        } else if let requests {
            entry.amount = .requests(requests, unit)
        }
    }

    /// A unit, in capitals or not, as the service reads it.
    private mutating func read(unit node: SourceNode) -> DescriptorLimit.Unit? {
        if case .scalar(let scalar) = node.content {
            let word = scalar.text.lowercased()
            if let unit = DescriptorLimit.Unit.allCases.first(where: { $0.name == word }) { return unit }
        }
        return decoding.choice(node, "a unit of time", PolicyDocument.DescriptorLimit.unitWords)?.value
    }

    private mutating func read(replaces node: SourceNode) -> [Located<String>] {
        decoding.items(of: node, "limits that are replaced", max: PolicyDocument.Limit.replacedLimits).compactMap {
            guard let fields = decoding.fields(of: $0, .importedReplacement) else { return nil }
            return fields["name"].flatMap { decoding.text($0, "a name") }
        }
    }
}
