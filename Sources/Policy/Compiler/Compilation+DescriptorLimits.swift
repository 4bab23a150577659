internal import Vocabulary

extension Compilation {
    private typealias Entry = PolicyDocument.DescriptorLimit

    /// Checks the limits of a domain and lowers those that could be read.
    mutating func lowerLimits(of domain: PolicyDocument.Domain) -> [DescriptorNode] {
        var names: [String: SourceSpan] = [:]
        collectNames(of: domain.limits, &names)
        let known = names.keys.sorted()
        return lower(domain.limits, named: known)
    }

    /// The names of all limits of a domain; one that is given twice is reported.
    private mutating func collectNames(of entries: [Entry], _ names: inout [String: SourceSpan]) {
        for entry in entries {
            if let name = entry.name {
                if let first = names[name.value] {
                    log.error(
                        .duplicateValue, "the name \(name.value.quoted) is given to two limits of one domain",
                        at: name.span, suggestion: "give one of them another name",
                        notes: [Diagnostic.Note("it is first given here", at: first)])
                } else {
                    names[name.value] = name.span
                }
            }
            collectNames(of: entry.limits, &names)
        }
    }

    /// Lowers the entries of one level.
    private mutating func lower(_ entries: [Entry], named known: [String]) -> [DescriptorNode] {
        checkSiblings(entries)
        return entries.map { entry in
            let isPattern = entry.value.map { $0.value.utf8.contains(ValuePattern.star) } ?? true
            if let shared = entry.shared, shared.value, !isPattern {
                log.warning(
                    .noEffect, "one exact value has one counter anyway", at: shared.span,
                    suggestion: "remove `shared`, or write a `*` into the value")
            }
            return DescriptorNode(
                key: entry.key.value, value: entry.value.map { ValuePattern.canonical($0.value) },
                isShared: isPattern && entry.shared?.value ?? false, rule: rule(of: entry, named: known),
                children: lower(entry.limits, named: known).inCanonicalOrder())
        }.inCanonicalOrder()
    }

    /// Two entries of one level never have the same key and value, and a pattern for everything leaves nothing to the
    /// entry without a value.
    private mutating func checkSiblings(_ entries: [Entry]) {
        var first: [[[UInt8]]: Entry] = [:]
        for entry in entries {
            guard let other = first[entry.identity] else {
                first[entry.identity] = entry
                continue
            }
            let step = entry.value.map { "\(entry.key.value)=\($0.value)" } ?? entry.key.value
            log.error(
                .duplicateValue, "\(step.quoted) appears more than once at this level", at: entry.key.span,
                suggestion: "remove one of them",
                notes: [Diagnostic.Note("it is first written here", at: other.key.span)])
        }
        for entry in entries where entry.value == nil {
            guard let all = first[[Array(entry.key.value.utf8), [ValuePattern.star]]], let value = all.value else {
                continue
            }
            log.warning(
                .unreachableLimit, "no descriptor ever comes here, because `*` takes all values of the key first",
                at: entry.key.span, suggestion: "remove this entry, or the one for `*`",
                notes: [Diagnostic.Note("`*` is here", at: value.span)])
        }
    }

    /// What applies to descriptors that end at an entry; `nil` if nothing does or it cannot be counted.
    private mutating func rule(of entry: Entry, named known: [String]) -> DescriptorNode.Rule? {
        checkReplaced(by: entry, known)
        guard let amount = entry.amount, let allowance = allowance(amount) else { return nil }
        if case .unlimited = amount, let stage = entry.stage {
            log.warning(
                .noEffect, "a stage changes nothing where there is no limit", at: stage.span,
                suggestion: "remove `stage`")
        }
        return DescriptorNode.Rule(
            allowance: allowance, stage: allowance == .unlimited ? .enforce : entry.stage?.value ?? .enforce,
            name: entry.name?.value, replaces: entry.replaces.map(\.value).sorted())
    }

    private mutating func checkReplaced(by entry: Entry, _ known: [String]) {
        for name in entry.replaces {
            if name.value == entry.name?.value {
                log.error(
                    .invalidValue, "a limit cannot replace itself", at: name.span, suggestion: "remove it from the list"
                )
            } else if !known.contains(name.value) {
                log.unknownName(name, noun: "limit", known: known)
            }
        }
    }

    private mutating func allowance(_ amount: Entry.Amount) -> DescriptorNode.Allowance? {
        switch amount {
        case .unreadable: nil
        case .unlimited: .unlimited
        case .rate(let rate, let burst): bucket(rate, burst: burst?.value ?? rate.value.amount)
        case .requests(let requests, let unit):
            if let period = unit.period, requests.value > 0 {
                bucket(requests.map { Rate(amount: $0, period: period) }, burst: requests.value)
            } else {
                .calendar(amount: requests.value, period: unit.calendarPeriod ?? .day)
            }
        }
    }

    private mutating func bucket(_ rate: Located<Rate>, burst: Int64) -> DescriptorNode.Allowance? {
        guard meter(rate, burst: burst) != nil else { return nil }
        return (try? Budget(rates: [rate.value], burst: burst, lanes: [])).map { .bucket($0) }
    }
}

extension PolicyDocument.DescriptorLimit {
    /// The key and the value, byte by byte; runs of stars count as one.
    fileprivate var identity: [[UInt8]] {
        [Array(key.value.utf8)] + (value.map { [Array(ValuePattern.canonical($0.value).utf8)] } ?? [])
    }
}
