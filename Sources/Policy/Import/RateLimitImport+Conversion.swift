internal import Vocabulary

extension RateLimitImport {
    /// Turns domains into what the language can say, and reports the rest.
    struct Conversion {
        /// What is wrong, and what could not be carried over.
        var log: DiagnosticLog
        /// The names of limits in the domain at hand: what the configuration calls them, and the names they get.
        private var names: [String: [String]] = [:]
        private var taken: Set<String> = []

        fileprivate typealias Limit = PolicyDocument.Limit

        /// Begins after reading.
        init(log: DiagnosticLog) { self.log = log }

        /// Converts a domain.
        mutating func convert(_ domain: Domain) -> Domain {
            names = [:]
            taken = []
            let named = pruned(domain.entries, depth: 1).map { name($0) }
            return Domain(name: domain.name, entries: convert(named))
        }

        /// The language has a bound on the limits of all domains together.
        mutating func checkCount(_ domains: [Domain]) {
            var count = 0
            for domain in domains {
                count += domain.entries.reduce(0) { $0 + $1.count }
                guard count > Limit.descriptorLimits else { continue }
                log.error(
                    .tooMany,
                    "the domains up to here have \(count) limits: there may be \(Limit.descriptorLimits) in all",
                    at: domain.name.span)
                return
            }
        }

        /// The entries without what lies deeper than the language goes, and without what then leads nowhere.
        private mutating func pruned(_ entries: [Entry], depth: Int) -> [Entry] {
            entries.compactMap { entry in
                guard !entry.entries.isEmpty else { return entry }
                var entry = entry
                if depth == Limit.descriptorDepth {
                    log.warning(
                        .notCarriedOver,
                        "descriptors with more than \(Limit.descriptorDepth) entries cannot be limited, so this is left out",
                        at: entry.entries[0].key.span)
                    entry.entries = []
                } else {
                    entry.entries = pruned(entry.entries, depth: depth + 1)
                }
                return entry.entries.isEmpty && entry.amount == nil ? nil : entry
            }
        }

        private mutating func convert(_ entries: [Entry]) -> [Entry] {
            checkSiblings(entries)
            checkOrder(of: entries)
            return entries.map { entry in
                var entry = entry
                entry.entries = convert(entry.entries)
                if let amount = entry.amount {
                    entry.amount = exact(amount)
                    entry.replaces = replaced(by: entry)
                } else if entry.entries.isEmpty {
                    // Without a limit and without anything below, the service lets everything through.
                    entry.amount = .unlimited
                }
                return entry
            }
        }

        /// A number that 64 bits can count, no higher than the one that is asked for.
        private mutating func exact(_ amount: Entry.Amount) -> Entry.Amount {
            guard case .requests(let requests, let unit) = amount, let period = unit.period, requests.value > 0 else {
                return amount
            }
            var step: Int64 = 1
            var rounded = requests.value
            while Meter(rate: Rate(amount: rounded, period: period), burst: rounded) == nil {
                step *= 10
                rounded = requests.value / step * step
            }
            guard rounded != requests.value else { return amount }
            log.warning(
                .notCarriedOver,
                "\(requests.value) per \(unit.name) cannot be counted exactly in 64 bits, and becomes \(rounded)",
                at: requests.span, suggestion: "use a rounder number")
            return .requests(Located(rounded, at: requests.span), unit)
        }
    }
}

extension RateLimitImport.Entry {
    /// How many descriptors there are here and below.
    fileprivate var count: Int { entries.reduce(1) { $0 + $1.count } }
}

extension RateLimitImport.Conversion {
    /// The service refuses two descriptors of one level with the same key and value.
    private mutating func checkSiblings(_ entries: [RateLimitImport.Entry]) {
        var first: [[[UInt8]]: SourceSpan] = [:]
        for entry in entries {
            let value = entry.value.map { [Array(ValuePattern.canonical($0.value).utf8)] } ?? []
            let identity = [Array(entry.key.value.utf8)] + value
            guard let span = first[identity] else {
                first[identity] = entry.key.span
                continue
            }
            let step = entry.value.map { "\(entry.key.value)=\($0.value)" } ?? entry.key.value
            log.error(
                .duplicateValue, "\(step.quoted) appears more than once at this level", at: entry.key.span,
                suggestion: "remove one of them", notes: [Diagnostic.Note("it is first written here", at: span)])
        }
    }

    /// The service tries patterns in the order of the file, the language the longest beginning first.
    private mutating func checkOrder(of entries: [RateLimitImport.Entry]) {
        let patterns = entries.filter { $0.value.map { $0.value.utf8.contains(ValuePattern.star) } ?? false }
        for (index, later) in patterns.enumerated() {
            guard let second = later.value else { continue }
            let earlier = patterns[..<index].first { entry in
                guard entry.key.value == later.key.value, let first = entry.value else { return false }
                return ValuePattern.precedes(second.value, first.value)
                    && ValuePattern.mayOverlap(first.value, second.value)
            }
            guard let first = earlier?.value else { continue }
            log.warning(
                .notCarriedOver,
                "values that fit \(first.value.quoted) and \(second.value.quoted) get the limit of the latter here, while "
                    + "the service takes the one that comes first in the file", at: second.span,
                suggestion: "the pattern with most before its `*` is tried first; check that this is what you want",
                notes: [Diagnostic.Note("\(first.value.quoted) is here", at: first.span)])
        }
    }

    /// Gives the limits here and below names that the language allows, each its own.
    private mutating func name(_ entry: RateLimitImport.Entry) -> RateLimitImport.Entry {
        var entry = entry
        if let name = entry.name {
            let plain = RateLimitImport.Conversion.plain(name.value)
            var unique = plain
            var number = 2
            while !taken.insert(unique).inserted {
                unique = "\(plain.prefix(Decoding.nameLengthMax - 6))-\(number)"
                number += 1
            }
            if unique != name.value {
                log.warning(
                    .notCarriedOver, "the name \(name.value.quoted) becomes \(unique.quoted)", at: name.span,
                    suggestion: unique == plain
                        ? "names are made of letters a-z, digits, `-`, `_` and `.`"
                        : "no two limits of a domain have one name; what replaces one of them replaces all")
            }
            names[name.value, default: []].append(unique)
            entry.name = Located(unique, at: name.span)
        }
        entry.entries = entry.entries.map { self.name($0) }
        return entry
    }

    /// The text as a name: other characters become hyphens.
    private static func plain(_ text: String) -> String {
        let kept = text.utf8.prefix(Decoding.nameLengthMax).map { byte -> Character in
            let scalar = Unicode.Scalar(byte)
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
            return isPlain || "-_.".unicodeScalars.contains(scalar) ? Character(scalar) : "-"
        }
        let name = String(kept)
        guard let first = name.first, "-_.".contains(first) else { return name }
        return String(("x" + name).prefix(Decoding.nameLengthMax))
    }

    /// The names of the limits that one replaces; those that nothing has are left out.
    private mutating func replaced(by entry: RateLimitImport.Entry) -> [Located<String>] {
        var seen: Set<String> = []
        var replaced: [Located<String>] = []
        for name in entry.replaces {
            guard let known = names[name.value] else {
                log.warning(
                    .notCarriedOver, "no limit of the domain has the name \(name.value.quoted), so it replaces nothing",
                    at: name.span)
                continue
            }
            for other in known where other != entry.name?.value && seen.insert(other).inserted {
                replaced.append(Located(other, at: name.span))
            }
        }
        guard replaced.count > Limit.replacedLimits, let first = entry.replaces.first else { return replaced }
        log.warning(
            .notCarriedOver,
            "a limit replaces at most \(Limit.replacedLimits) others, so \(replaced.count - Limit.replacedLimits) are "
                + "left out", at: first.span)
        return Array(replaced.prefix(Limit.replacedLimits))
    }
}

extension ValuePattern {
    /// Whether there may be a value that fits both patterns: their beginnings and their ends do not exclude each other.
    static func mayOverlap(_ first: String, _ second: String) -> Bool {
        let (left, right) = (Array(first.utf8), Array(second.utf8))
        let beginnings = zip(left.prefix { $0 != star }, right.prefix { $0 != star })
        let ends = zip(left.reversed().prefix { $0 != star }, right.reversed().prefix { $0 != star })
        return beginnings.allSatisfy { $0 == $1 } && ends.allSatisfy { $0 == $1 }
    }
}
