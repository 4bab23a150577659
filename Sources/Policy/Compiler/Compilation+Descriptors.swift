internal import Vocabulary

extension Compilation {
    /// Checks the domains of descriptors and lowers them.
    ///
    /// - Returns: the domains, sorted by the bytes of their names, and the names of the attributes that keys mean.
    mutating func lowerDescriptors() -> (domains: [DescriptorDomain], attributes: [String]) {
        let attributes = document.domains.flatMap(\.attributes).map(\.value).unique.sorted()
        let numbers = Dictionary(zip(attributes, attributes.indices)) { first, _ in first }
        checkAttributesOfDescriptors()
        var count = 0
        let domains = document.domains.map { domain in
            count += domain.limits.nodeCount
            if count > Limit.descriptorLimits, count - domain.limits.nodeCount <= Limit.descriptorLimits {
                log.error(
                    .tooMany,
                    "the domains up to here have \(count) limits: there may be \(Limit.descriptorLimits) in all",
                    at: domain.name.span)
            }
            checkKeys(of: domain)
            let keys = domain.keys.map { key in
                switch key.meaning.value {
                case .word(let meaning): DescriptorDomain.Key(key: key.key.value, meaning: meaning)
                case .attribute(let name):
                    DescriptorDomain.Key(key: key.key.value, meaning: .attribute(numbers[name] ?? 0))
                }
            }
            return DescriptorDomain(
                name: domain.name.value, keys: keys.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) },
                limits: lowerLimits(of: domain))
        }
        return (domains.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }, attributes)
    }

    private typealias Limit = PolicyDocument.Limit

    /// No two keys of a domain say the same thing, and together they say who calls and what for.
    private mutating func checkKeys(of domain: PolicyDocument.Domain) {
        guard !domain.keys.isEmpty else { return }
        var first: [PolicyDocument.Domain.Meaning: Located<String>] = [:]
        for key in domain.keys where key.meaning.value != .word(.ignored) {
            guard let other = first[key.meaning.value] else {
                first[key.meaning.value] = key.key
                continue
            }
            log.error(
                .duplicateValue,
                "the keys \(other.value.quoted) and \(key.key.value.quoted) of the domain \(domain.name.value.quoted) "
                    + "have the same meaning", at: key.meaning.span,
                suggestion: "keep one of them, or write `ignore` for the other",
                notes: [Diagnostic.Note("\(other.value.quoted) is here", at: other.span)])
        }
        let meanings = Set(domain.keys.compactMap(\.meaning.value.word))
        for gap in DescriptorGap.allCases where gap.isOpen(meanings) {
            log.warning(
                .incompleteMapping, "the domain \(domain.name.value.quoted) \(gap.words)", at: domain.name.span,
                suggestion: gap.suggestion)
        }
    }

    /// An attribute that no rule looks at changes nothing, and is often a misspelt one.
    private mutating func checkAttributesOfDescriptors() {
        let read = operations.flatMap { $0.rules.flatMap { $0.conditions.map(\.attribute.value) } }.unique
        for attribute in document.domains.flatMap(\.attributes) where !read.contains(attribute.value) {
            let nearest = Spelling.nearest(to: attribute.value, among: read)
            log.warning(
                .noEffect, "no rule of an operation looks at the attribute \(attribute.value.quoted)",
                at: attribute.span,
                suggestion: nearest.map { "did you mean \($0.quoted)?" } ?? "write `ignore` if nothing depends on it")
        }
    }
}

/// What the keys of a domain leave open.
private enum DescriptorGap: CaseIterable {
    case caller, principal, operation, method, path

    /// Whether keys with these meanings leave it open.
    func isOpen(_ meanings: Set<DescriptorMeaning>) -> Bool {
        switch self {
        case .caller: meanings.isDisjoint(with: [.credential, .tenant])
        case .principal: meanings.contains(.principal) && !meanings.contains(.tenant)
        case .operation: meanings.isDisjoint(with: [.operation, .method, .path])
        case .method: meanings.contains(.path) && !meanings.contains(.method)
        case .path: meanings.contains(.method) && !meanings.contains(.path)
        }
    }

    /// What is open, to follow the name of the domain.
    var words: String {
        switch self {
        case .caller: "has no key for a credential or a tenant, so all its calls are those of somebody unknown"
        case .principal: "has a key for a principal but none for the tenant that the principal is of"
        case .operation: "has no key for an operation or for a method and a path, so all its calls are unknown requests"
        case .method: "has a key for a path but none for a method, so no pattern can match"
        case .path: "has a key for a method but none for a path, so no pattern can match"
        }
    }

    /// What to add.
    var suggestion: String {
        switch self {
        case .caller: "add `api_key: credential` or `tenant: tenant`"
        case .principal: "add `tenant: tenant`"
        case .operation: "add `method: method` and `path: path`, or `operation: operation`"
        case .method: "add `method: method`"
        case .path: "add `path: path`"
        }
    }
}

extension PolicyDocument.Domain {
    /// The attributes that its keys mean.
    fileprivate var attributes: [Located<String>] {
        keys.compactMap { key in
            guard case .attribute(let name) = key.meaning.value else { return nil }
            return Located(name, at: key.meaning.span)
        }
    }
}

extension PolicyDocument.Domain.Meaning {
    /// The meaning, unless it is an attribute.
    fileprivate var word: DescriptorMeaning? {
        if case .word(let meaning) = self { meaning } else { nil }
    }
}

extension [PolicyDocument.DescriptorLimit] {
    /// How many entries there are, nested ones included.
    fileprivate var nodeCount: Int { reduce(0) { $0 + 1 + $1.limits.nodeCount } }
}
