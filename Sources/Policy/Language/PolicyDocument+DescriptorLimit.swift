internal import Vocabulary

extension PolicyDocument {
    /// One entry of `limits` of a domain.
    struct DescriptorLimit {
        /// Where it stands.
        var span: SourceSpan
        /// The key of the entry of a descriptor.
        var key: Located<String>
        /// Its value, exactly or with `*`; `nil`: any other.
        var value: Located<String>?
        /// Whether all values share one counter.
        var shared: Located<Bool>?
        /// How much goes through, if the limit says so.
        var amount: Amount?
        /// How far it is enforced, if stated.
        var stage: Located<Stage>?
        /// The name by which others may replace it.
        var name: Located<String>?
        /// The names of those that it replaces.
        var replaces: [Located<String>] = []
        /// The limits of the next entry.
        var limits: [DescriptorLimit] = []

        /// How much goes through, as its author wrote it.
        enum Amount {
            /// Everything.
            case unlimited(SourceSpan)
            /// A rate, with a burst if one is stated.
            case rate(Located<Rate>, burst: Located<Int64>?)
            /// A number of requests per unit of time.
            case requests(Located<Int64>, Policy.DescriptorLimit.Unit)
            /// Something that could not be read and was reported.
            case unreadable
        }

        /// The words for units.
        static let unitWords = Policy.DescriptorLimit.Unit.allCases.map { (word: $0.name, value: $0) }
    }
}

extension PolicyDocument.DescriptorLimit {
    typealias Limit = PolicyDocument.Limit

    /// Decodes a list of limits; `count` is how many the domain may still have.
    static func list(
        _ node: SourceNode, depth: Int, count: inout Int, _ decoding: inout Decoding
    ) -> [PolicyDocument.DescriptorLimit] {
        var limits: [PolicyDocument.DescriptorLimit] = []
        for item in decoding.items(of: node, "limits", max: Limit.descriptorLimits) {
            guard count > 0 else {
                decoding.error(
                    .tooMany, "a domain may have \(Limit.descriptorLimits) limits, nested ones included", at: item.span)
                break
            }
            count -= 1
            if let limit = PolicyDocument.DescriptorLimit(item, depth: depth, count: &count, &decoding) {
                limits.append(limit)
            }
        }
        return limits
    }

    /// Decodes an entry; `nil` if it has no usable key.
    private init?(_ node: SourceNode, depth: Int, count: inout Int, _ decoding: inout Decoding) {
        guard let fields = decoding.fields(of: node, .descriptorLimit) else { return nil }
        span = node.span
        value = fields["value"].flatMap { decoding.descriptorText($0, .value) }
        shared = fields["shared"].flatMap { decoding.flag($0) }
        stage = fields["stage"].flatMap { decoding.choice($0, "a stage", PolicyDocument.Stages.words) }
        name = fields["name"].flatMap { decoding.name($0) }
        replaces = fields["replaces"].map { decoding.names(of: $0, "limits", max: Limit.replacedLimits) } ?? []
        amount = PolicyDocument.DescriptorLimit.amount(fields, &decoding)
        if let node = fields["limits"] {
            if depth < Limit.descriptorDepth {
                limits = PolicyDocument.DescriptorLimit.list(node, depth: depth + 1, count: &count, &decoding)
            } else {
                decoding.error(
                    .tooLarge, "limits are nested deeper than \(Limit.descriptorDepth) levels",
                    at: fields.span(of: "limits"))
            }
        }
        PolicyDocument.DescriptorLimit.checkPurpose(
            fields, node, limits: amount != nil, leads: !limits.isEmpty, &decoding)
        guard let key = fields["key"].flatMap({ decoding.descriptorText($0, .key) }) else { return nil }
        // A value that cannot be read must not turn into a limit for all values.
        guard fields["value"] == nil || value != nil else { return nil }
        self.key = key
    }

    /// A limit limits something, or leads to limits that do.
    private static func checkPurpose(
        _ fields: Fields, _ node: SourceNode, limits isLimit: Bool, leads isStep: Bool, _ decoding: inout Decoding
    ) {
        if !isLimit {
            for key in ["stage", "name", "replaces"] where fields[key] != nil {
                decoding.error(
                    .missingKey, "`\(key)` belongs to a limit, and this entry states none", at: fields.span(of: key),
                    suggestion: "add `rate: 10/s`, or remove `\(key)`")
            }
        }
        guard !isLimit, !isStep, !node.isDamaged else { return }
        if let nested = fields["limits"], nested.isDamaged || !nested.isEmptyList { return }
        decoding.error(
            .missingKey, "this entry has neither a limit nor limits of the next entry", at: node.span,
            suggestion: "add `rate: 10/s`, `requests: 500, unit: day` or `unlimited: true`, or nested `limits`")
    }
}

extension SourceNode {
    /// Whether it is nothing, or a list of nothing.
    fileprivate var isEmptyList: Bool {
        switch content {
        case .null: true
        case .sequence(let items): items.isEmpty
        case .mapping, .scalar: false
        }
    }
}

extension PolicyDocument.DescriptorLimit {
    /// How much goes through; `nil` if no key says so.
    private static func amount(_ fields: Fields, _ decoding: inout Decoding) -> Amount? {
        let isUnlimited = fields["unlimited"].map { decoding.flag($0) }
        if case .some(.none) = isUnlimited { return .unreadable }
        let stated =
            (isUnlimited??.value == true ? ["unlimited"] : []) + ["rate", "requests"].filter { fields[$0] != nil }
        guard stated.count <= 1 else {
            decoding.error(
                .invalidValue, "a limit is stated once, but this one has \(stated.listed())",
                at: fields.span(of: stated[1]), suggestion: "keep one of them",
                notes: [Diagnostic.Note("`\(stated[0])` is here", at: fields.span(of: stated[0]))])
            return .unreadable
        }
        checkCompanions(fields, stated.first, &decoding)
        switch stated.first {
        case "unlimited": return .unlimited(fields.span(of: "unlimited"))
        case "rate":
            let rate = fields["rate"].flatMap { descriptorRate($0, &decoding) }
            return rate.map { .rate($0, burst: fields["burst"].flatMap { decoding.burst($0) }) } ?? .unreadable
        case "requests": return requests(fields, &decoding)
        default:
            return fields["burst"] == nil && fields["unit"] == nil ? nil : .unreadable
        }
    }

    /// A rate; allowances for longer than a day are written in another way here than in plans.
    private static func descriptorRate(_ node: SourceNode, _ decoding: inout Decoding) -> Located<Rate>? {
        guard case .scalar(let scalar) = node.content, let quota = try? UnitText.quota(scalar.text, of: .requests),
            quota.period != .day
        else { return decoding.rate(node) }
        decoding.error(
            .invalidValue, "a rate has a period of at most a day, not \(quota.period.name.quoted)", at: node.span,
            suggestion: "write `requests: \(quota.amount), unit: \(quota.period.name)`")
        return nil
    }

    /// A burst belongs to a rate, a unit to a number of requests.
    private static func checkCompanions(_ fields: Fields, _ stated: String?, _ decoding: inout Decoding) {
        for (key, owner, example) in [("burst", "rate", "rate: 10/s"), ("unit", "requests", "requests: 500")]
        where fields[key] != nil && stated != owner {
            decoding.error(
                .missingKey, "a `\(key)` belongs to \(owner == "rate" ? "a `rate`" : "`requests`"), and there is none",
                at: fields.span(of: key), suggestion: "add `\(example)`, or remove `\(key)`")
        }
    }

    private static func requests(_ fields: Fields, _ decoding: inout Decoding) -> Amount {
        let requests = fields["requests"].flatMap {
            decoding.number($0, "a number of requests", in: 0...Limit.requests)
        }
        guard let node = fields["unit"] else {
            decoding.error(
                .missingKey, "`requests` needs a `unit`", at: fields.span(of: "requests"),
                suggestion: "add `unit: second`, or another of \(unitWords.dropFirst().map(\.word).listed())")
            return .unreadable
        }
        guard let unit = decoding.choice(node, "a unit of time", unitWords), let requests else { return .unreadable }
        return .requests(requests, unit.value)
    }
}
