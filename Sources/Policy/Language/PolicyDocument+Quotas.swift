internal import Vocabulary

extension PolicyDocument.Plan {
    /// Decodes `quotas`: one quota of a unit, or a list with at most one for each period.
    static func quotas(_ node: SourceNode, _ decoding: inout Decoding) -> [Located<Policy.Plan.Quota>] {
        guard let fields = decoding.fields(of: node, .quotas) else { return [] }
        var quotas: [Located<Policy.Plan.Quota>] = []
        for unit in QuotaUnit.allCases {
            guard let node = fields[unit.name] else { continue }
            for node in decoding.oneOrMore(node, "quotas", max: CalendarPeriod.allCases.count) {
                guard let quota = decoding.quota(node, of: unit) else { continue }
                let same = quotas.first { $0.value.unit == unit && $0.value.period == quota.value.period }
                if let same {
                    decoding.error(
                        .duplicateValue,
                        "there are two quotas of \(unit.name) per \(quota.value.period.name)", at: quota.span,
                        suggestion: "keep the smaller one; only that could ever matter",
                        notes: [Diagnostic.Note("the other one is here", at: same.span)])
                } else {
                    quotas.append(quota)
                }
            }
        }
        return quotas
    }
}

extension Decoding {
    /// The items of a list, or the one value that stands in its place.
    fileprivate mutating func oneOrMore(_ node: SourceNode, _ noun: String, max count: Int) -> [SourceNode] {
        switch node.content {
        case .scalar, .mapping: [node]
        case .sequence, .null: items(of: node, noun, max: count)
        }
    }

    /// A quota: its amount alone, or with the shares of it from which on somebody is told.
    fileprivate mutating func quota(_ node: SourceNode, of unit: QuotaUnit) -> Located<Plan.Quota>? {
        guard case .mapping = node.content else { return quotaAmount(node, of: unit) }
        guard let fields = fields(of: node, unit == .bytes ? .byteQuota : .quota) else { return nil }
        let warnings = fields["warnAt"].map { quotaWarnings($0) }
        guard let amount = fields["amount"].flatMap({ quotaAmount($0, of: unit) }) else { return nil }
        return amount.map {
            Plan.Quota(
                unit: unit, amount: $0.amount, period: $0.period, warnings: warnings ?? Plan.Quota.warningsStandard)
        }
    }

    private mutating func quotaAmount(_ node: SourceNode, of unit: QuotaUnit) -> Located<Plan.Quota>? {
        let example = unit == .bytes ? "`10GB/day`" : "`5000000/month`"
        return amount(node, "a quota like \(example)") { text throws(UnitText.Problem) in
            try UnitText.quota(text, of: unit)
        }
    }

    /// Shares of a quota, made to rise.
    private mutating func quotaWarnings(_ node: SourceNode) -> [Int64] {
        var shares: [Int64] = []
        for item in items(of: node, "shares like `80%`", max: PolicyDocument.Limit.quotaWarnings, ofTexts: true) {
            guard let share = basisPoints(item) else { continue }
            if share.value == 0 {
                error(
                    .invalidValue, "a warning at `0%` would come before anything is used", at: share.span,
                    suggestion: "write more, or `warnAt: []` for no warnings")
            } else if shares.contains(share.value) {
                error(
                    .duplicateValue, "there are two warnings at \(UnitText.percentage(share.value))", at: share.span,
                    suggestion: "remove one of them")
            } else {
                shares.append(share.value)
            }
        }
        return shares.sorted()
    }

    /// A time zone like `Europe/Berlin`.
    mutating func zone(_ node: SourceNode) -> CalendarZone? {
        guard case .scalar(let scalar) = node.content else {
            mismatch("a time zone like `Europe/Berlin`", found: node)
            return nil
        }
        if let zone = CalendarZone(named: scalar.text) { return zone }
        let names = CalendarZone.all.map(\.name)
        let wanted = scalar.text.lowercased()
        let meant =
            names.first { $0.lowercased() == wanted || $0.lowercased().hasSuffix("/" + wanted) }
            ?? Spelling.nearest(to: scalar.text, among: names)
        error(
            .unknownName, "there is no time zone \(scalar.text.quoted)", at: node.span,
            suggestion: meant.map { "did you mean `\($0)`?" }
                ?? "write a name of the IANA database, such as `Europe/Berlin`, or `UTC`")
        return nil
    }
}
