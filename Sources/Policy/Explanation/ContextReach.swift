/// Decides which rules of an operation can ever be the first that holds.
enum ContextReach {
    /// How many assignments are tried before a rule counts as reachable: naming one context too many in an
    /// explanation is harmless, and a policy must not take long to explain.
    static let assignmentsMax = 10_000

    /// Whether some request is decided by a rule: the rule holds for it and none before it does.
    ///
    /// An earlier rule that reads an attribute which this one does not read cannot hold for a request without that
    /// attribute. So only earlier rules that read no other attributes matter, and only the values named here.
    static func isReachable(_ index: Int, in rules: [Operation.ContextRule]) -> Bool {
        guard let domain = domain(of: rules[index].conditions) else { return false }
        let earlier = rules[..<index].map(\.conditions).filter { conditions in
            conditions.allSatisfy { domain[$0.attribute] != nil }
        }
        guard !earlier.isEmpty else { return true }
        var remaining = assignmentsMax
        return escapes(earlier[...], domain: domain, remaining: &remaining)
    }

    /// Whether one request can satisfy both lists of conditions.
    static func canHoldTogether(_ first: [Operation.Condition], _ second: [Operation.Condition]) -> Bool {
        domain(of: first + second) != nil
    }

    /// The values that satisfy all conditions, by attribute; `nil` if an attribute has none left.
    private static func domain(of conditions: [Operation.Condition]) -> [String: Set<String>]? {
        var domain: [String: Set<String>] = [:]
        for condition in conditions {
            let values = Set(condition.values)
            domain[condition.attribute] = domain[condition.attribute]?.intersection(values) ?? values
        }
        return domain.values.contains(where: \.isEmpty) ? nil : domain
    }

    /// Whether some assignment of the domain satisfies none of the rules; takes the rules one by one, and splits the
    /// domain along the attributes of each.
    private static func escapes(
        _ rules: ArraySlice<[Operation.Condition]>, domain: [String: Set<String>], remaining: inout Int
    ) -> Bool {
        remaining -= 1
        guard remaining > 0, let rule = rules.first else { return true }
        for condition in rule {
            guard let values = domain[condition.attribute] else { continue }
            var narrowed = domain
            narrowed[condition.attribute] = values.subtracting(condition.values)
            guard narrowed[condition.attribute]?.isEmpty == false else { continue }
            if escapes(rules.dropFirst(), domain: narrowed, remaining: &remaining) { return true }
        }
        return false
    }
}
