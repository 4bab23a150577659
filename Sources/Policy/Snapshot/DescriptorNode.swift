package import Vocabulary

/// One step of a descriptor in a domain with limits of its own: a key, the values it is for, and what follows.
package struct DescriptorNode: Hashable, Sendable {
    /// The key of the entry.
    package let key: String
    /// The value of the entry, exactly, or a pattern in which each `*` stands for any bytes; `nil`: any value that no
    /// sibling takes.
    package let value: String?
    /// Whether all values that come to this node share one counter; an exact value always has one.
    package let isShared: Bool
    /// What applies to descriptors that end here, if anything.
    package let rule: Rule?
    /// The next entries, in canonical order: by key, then exact values, patterns as they are tried, and the node
    /// without a value last.
    package let children: [DescriptorNode]

    /// What applies to a descriptor.
    package struct Rule: Hashable, Sendable {
        /// How much goes through.
        package let allowance: Allowance
        /// How far it is enforced.
        package let stage: Stage
        /// The name by which others may replace it, unique in the domain.
        package let name: String?
        /// The names of the limits that are switched off in a call to which this one applies, sorted.
        package let replaces: [String]

        /// States what applies.
        package init(allowance: Allowance, stage: Stage = .enforce, name: String? = nil, replaces: [String] = []) {
            self.allowance = allowance
            self.stage = stage
            self.name = name
            self.replaces = replaces
        }
    }

    /// How much goes through.
    package enum Allowance: Hashable, Sendable {
        /// Everything, and nothing is counted.
        case unlimited
        /// What a bucket without lanes holds.
        case bucket(Budget)
        /// An amount per calendar period; an amount of 0 lets nothing through.
        case calendar(amount: Int64, period: CalendarPeriod)
    }

    /// States a node.
    package init(
        key: String, value: String? = nil, isShared: Bool = false, rule: Rule?, children: [DescriptorNode] = []
    ) {
        self.key = key
        self.value = value
        self.isShared = isShared
        self.rule = rule
        self.children = children
    }

    /// Whether the value is a pattern.
    package var isPattern: Bool { value.map { $0.utf8.contains(ValuePattern.star) } ?? false }

    /// The step for people: `table=audit*`, or the key alone.
    package var words: String { value.map { "\(key)=\($0)" } ?? key }
}
