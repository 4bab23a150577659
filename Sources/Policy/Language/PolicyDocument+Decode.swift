internal import Vocabulary

extension PolicyDocument {
    /// The version of the language that this compiler reads.
    static let languageVersion: Int64 = 1

    /// Decodes the documents of one policy and merges them.
    ///
    /// `classes`, `operations`, `plans`, `regions`, `descriptors` and `tests` may be spread over files; everything else
    /// stands in one. `isComplete` says that no file is unreadable: only then can anything be called missing.
    init(roots: [SourceNode], isComplete: Bool, _ decoding: inout Decoding) {
        start = roots.first?.span ?? SourceSpan(file: 0, line: 1, column: 1, length: 0)
        var sections = Sections()
        var misspelt: [(pair: SourceNode.Pair, meant: String)] = []
        for root in roots {
            guard case .mapping(let pairs) = root.content else {
                decoding.mismatch("a policy as a mapping", found: root, suggestion: "begin with `headgate: 1`")
                continue
            }
            for pair in pairs {
                if MappingShape.policy.keys.contains(pair.key.text) {
                    sections.add(pair, as: pair.key.text, &decoding)
                } else if pair.firstWritten == nil, let meant = decoding.unknownKey(pair.key, in: .policy) {
                    misspelt.append((pair, meant))
                }
            }
        }
        for (pair, meant) in misspelt where sections[meant].isEmpty { sections.add(pair, as: meant, &decoding) }
        if isComplete { reportMissing(sections, roots, &decoding) }
        decodeHead(sections, &decoding)
        decodeEntries(sections, &decoding)
        if let pair = sections["unknown"].first {
            unknown = Unknown(pair.value, at: pair.key.span, &decoding)
        }
        if let pair = sections["idempotency"].first { idempotency = Idempotency(pair.value, &decoding) }
        if let pair = sections["stages"].first { stages = Stages(pair.value, &decoding) }
        abuse = sections["abuse"].first.flatMap { Abuse($0.value, &decoding) }
        health = sections["health"].first.flatMap { Health($0, &decoding) }
        if let pair = sections["governance"].first { governance = Governance(pair.value, &decoding) }
        for pair in sections["tests"] {
            tests += decoding.items(of: pair.value, "tests", max: Limit.tests).compactMap { PolicyTest($0, &decoding) }
        }
    }

    private func reportMissing(_ sections: Sections, _ roots: [SourceNode], _ decoding: inout Decoding) {
        let missing = MappingShape.policy.required.filter { sections[$0].isEmpty }
        let isReadable = roots.contains { root in
            if case .mapping = root.content { !root.isDamaged } else { false }
        }
        guard let first = missing.first, isReadable else { return }
        let example = missing.count == 1 ? Sections.example(of: first) : "\(missing.map { "\($0): …" }.listed())"
        decoding.error(
            .missingKey, "a policy needs \(missing.listed())", at: start, suggestion: "add \(example)")
    }

    private mutating func decodeHead(_ sections: Sections, _ decoding: inout Decoding) {
        for pair in sections["headgate"] {
            let version = decoding.number(pair.value, "the language version", in: 0...Int64.max)
            if let version, version.value != PolicyDocument.languageVersion {
                decoding.error(
                    .invalidValue, "this compiler does not read version \(version.value) of the language",
                    at: version.span, suggestion: "write `headgate: \(PolicyDocument.languageVersion)`")
            }
        }
        name = sections["name"].first.flatMap { decoding.name($0.value) }
        owner = sections["owner"].first.flatMap { decoding.text($0.value, "an owner like `platform-team`") }
        if let pair = sections["description"].first { decoding.checkDescription(pair.value) }
        if let pair = sections["tiers"].first { decodeTiers(pair, &decoding) }
        if let pair = sections["seats"].first { seats = Seats(pair.value, &decoding) }
        service = sections["service"].first.flatMap { BudgetSpecification($0.value, of: "the service", &decoding) }
        if let pair = sections["defaults"].first, let fields = decoding.fields(of: pair.value, .defaults) {
            defaultClass = fields["class"].flatMap { decoding.name($0) }
            zone = fields["timeZone"].flatMap { decoding.zone($0) }
        }
    }

    private mutating func decodeTiers(_ pair: SourceNode.Pair, _ decoding: inout Decoding) {
        for node in decoding.items(of: pair.value, "tiers", max: Limit.tiers) {
            guard let tier = Tier(node, &decoding) else { continue }
            if let first = tiers.first(where: { $0.name.value == tier.name.value }) {
                decoding.duplicate(tier.name, first: first.name.span)
            } else {
                tiers.append(tier)
            }
        }
        let isEmptyList = if case .sequence(let items) = pair.value.content { items.isEmpty } else { false }
        if isEmptyList || pair.value.content == .null {
            decoding.error(
                .missingKey, "a policy needs at least one tier", at: pair.key.span,
                suggestion: "add `- { name: critical, reserve: 40% }`")
        }
    }

    private mutating func decodeEntries(_ sections: Sections, _ decoding: inout Decoding) {
        for pair in sections.entries(of: "regions", max: Limit.regions, &decoding) {
            let name = Located(pair.key.text, at: pair.key.span)
            guard decoding.check(name: name) else { continue }
            let budget = BudgetSpecification(pair.value, of: "the region \(name.value.quoted)", &decoding)
            regions.append(Region(name: name, budget: budget))
        }
        for pair in sections.entries(of: "classes", max: Limit.classes, &decoding) {
            if let trafficClass = TrafficClass(pair, &decoding) { classes.append(trafficClass) }
        }
        for pair in sections.entries(of: "operations", max: Limit.operations, &decoding) {
            if let operation = Operation(pair, &decoding) { operations.append(operation) }
        }
        for pair in sections.entries(of: "plans", max: Limit.plans, &decoding) {
            if let plan = Plan(pair, &decoding) { plans.append(plan) }
        }
        for pair in sections.entries(of: "descriptors", max: Limit.domains, &decoding) {
            if let domain = Domain(pair, &decoding) { domains.append(domain) }
        }
        for key in ["classes", "plans"] {
            guard let section = sections[key].first, sections.isEmpty(key) else { continue }
            decoding.error(
                .missingKey, "there is nothing in `\(key)`", at: section.key.span,
                suggestion: "add " + Sections.example(of: key))
        }
    }
}

/// The sections of all documents of a policy.
private struct Sections {
    private static let spread: Set<String> = [
        "headgate", "classes", "operations", "plans", "regions", "descriptors", "tests",
    ]
    private var pairs: [String: [SourceNode.Pair]] = [:]

    subscript(key: String) -> [SourceNode.Pair] { pairs[key] ?? [] }

    /// Adds a section; one that may stand only once and stands twice is reported.
    ///
    /// A section that its own file repeats has been reported by the reader. Its entries count all the same, so that
    /// names in it are not called unknown.
    mutating func add(_ pair: SourceNode.Pair, as key: String, _ decoding: inout Decoding) {
        if !Sections.spread.contains(key), let first = pairs[key]?.first {
            guard pair.firstWritten == nil else { return }
            decoding.error(
                .duplicateKey, "`\(key)` stands in more than one file", at: pair.key.span,
                suggestion: "keep one of them",
                notes: [Diagnostic.Note("it is first written here", at: first.key.span)])
            return
        }
        pairs[key, default: []].append(pair)
    }

    /// The entries of a section over all files; a name that two of them have is reported.
    func entries(of key: String, max count: Int, _ decoding: inout Decoding) -> [SourceNode.Pair] {
        var first: [String: SourceSpan] = [:]
        var entries: [SourceNode.Pair] = []
        for section in self[key] {
            for pair in decoding.entries(of: section.value, key, max: count) {
                if let span = first[pair.key.text] {
                    decoding.error(
                        .duplicateKey, "\(pair.key.text.quoted) appears more than once in `\(key)`", at: pair.key.span,
                        suggestion: "remove one of them or give it another name",
                        notes: [Diagnostic.Note("it is first written here", at: span)])
                } else {
                    first[pair.key.text] = pair.key.span
                    entries.append(pair)
                }
            }
        }
        guard entries.count <= count else {
            decoding.error(
                .tooMany, "\(entries.count) \(key) are too many: there may be \(count)", at: entries[count].key.span)
            return Array(entries.prefix(count))
        }
        return entries
    }

    /// Whether a section has no entry in any file.
    func isEmpty(_ key: String) -> Bool {
        self[key].allSatisfy { section in
            switch section.value.content {
            case .mapping(let pairs): pairs.isEmpty
            case .null: !section.value.isDamaged
            case .scalar, .sequence: false
            }
        }
    }

    /// What to add when a required section is missing.
    static func example(of key: String) -> String {
        switch key {
        case "headgate": "`headgate: 1`, the version of the language"
        case "name": "`name: …`, a name for the whole policy"
        case "owner": "`owner: …`, who answers for the policy"
        case "tiers": "`tiers: [ { name: critical, reserve: 40% }, … ]`, the most protected first"
        case "classes": "`classes: { interactive: { tier: …, consequence: …, owner: … } }`"
        default: "`plans: { standard: { tenant: { rate: 100/s } } }`"
        }
    }
}
