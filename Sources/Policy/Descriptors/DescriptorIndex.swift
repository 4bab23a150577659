/// Finds what a descriptor of Envoy's rate limit protocol means: flat tables, frozen with the snapshot.
///
/// The limits of a domain are a tree: a node for each combination of steps that leads to a limit. Keys and values are
/// numbered apart from each other and never joined, so ("a", "b_c") and ("a_b", "c") are different nodes.
///
/// A class, so that taking it along retains one thing and not each of its tables.
package final class DescriptorIndex: Sendable {
    /// The domains, sorted by the bytes of their names.
    package let domains: [DescriptorDomain]
    /// The names of the attributes that keys mean, sorted.
    let attributes: [String]
    /// The number of each domain.
    let domainNumbers: LiteralTable
    /// The number of each key of any domain.
    let keyNumbers: LiteralTable
    /// The number of each exact value of any domain.
    let valueNumbers: LiteralTable
    /// The meaning of a key in a domain, as an index into `meaningTable`.
    let meanings: PairTable
    /// The meanings that keys have.
    let meaningTable: [DescriptorMeaning]
    /// The root of each domain; -1 where keys have meanings.
    let roots: [Int32]
    /// The branch for a key below a node.
    let branches: PairTable
    /// The child for an exact value in a branch.
    let exactChildren: PairTable
    /// What else a branch tries, by branch.
    let branchTable: [Branch]
    /// The patterns of all branches, those of one branch side by side in the order in which they are tried.
    let patterns: [Pattern]
    /// The bytes of all patterns.
    let patternBytes: [UInt8]
    /// The limit of each node, an index into `limits`; -1: none.
    let limitOfNode: [Int32]
    /// The limits.
    let limits: [DescriptorLimit]
    /// Whether a limit of a domain replaces another, by domain.
    let replacing: [Bool]

    /// Joins the tables.
    init(
        domains: [DescriptorDomain], attributes: [String], domainNumbers: LiteralTable, keyNumbers: LiteralTable,
        valueNumbers: LiteralTable, meanings: PairTable, meaningTable: [DescriptorMeaning], roots: [Int32],
        branches: PairTable, exactChildren: PairTable, branchTable: [Branch], patterns: [Pattern],
        patternBytes: [UInt8], limitOfNode: [Int32], limits: [DescriptorLimit], replacing: [Bool]
    ) {
        self.domains = domains
        self.attributes = attributes
        self.domainNumbers = domainNumbers
        self.keyNumbers = keyNumbers
        self.valueNumbers = valueNumbers
        self.meanings = meanings
        self.meaningTable = meaningTable
        self.roots = roots
        self.branches = branches
        self.exactChildren = exactChildren
        self.branchTable = branchTable
        self.patterns = patterns
        self.patternBytes = patternBytes
        self.limitOfNode = limitOfNode
        self.limits = limits
        self.replacing = replacing
    }

    /// What a branch tries when no exact value fits.
    struct Branch: Sendable {
        /// Where its patterns begin.
        var patternStart: Int32
        /// How many it has.
        var patternCount: Int32
        /// The node for all other values; -1: none.
        var otherwise: Int32
    }

    /// A pattern of a branch.
    struct Pattern: Sendable {
        /// Where its bytes begin.
        var start: Int32
        /// How many it has.
        var count: Int32
        /// The node it leads to.
        var node: Int32
    }
}

extension DescriptorIndex {
    /// The number of a domain; -1: the policy does not know it.
    ///
    /// - Complexity: O(bytes), no allocation; that holds for all lookups by bytes.
    package func domain(named name: Span<UInt8>) -> Int { Int(domainNumbers.number(of: name)) }

    /// Whether the keys of a domain have meanings; else it has limits of its own.
    package func isMapped(_ domain: Int) -> Bool { roots[domain] < 0 }

    /// The name of a domain.
    package func name(ofDomain domain: Int) -> String { domains[domain].name }

    /// What the value of a key says; `nil`: the domain does not know the key.
    package func meaning(of key: Span<UInt8>, in domain: Int) -> DescriptorMeaning? {
        let number = keyNumbers.number(of: key)
        guard number >= 0 else { return nil }
        let meaning = meanings.value(Int32(domain), number)
        return meaning < 0 ? nil : meaningTable[Int(meaning)]
    }

    /// The name of the attribute that a key means.
    package func attributeName(_ attribute: Int) -> String { attributes[attribute] }

    /// The node at which the descriptors of a domain with limits of its own begin; -1 where keys have meanings.
    package func root(of domain: Int) -> Int { Int(roots[domain]) }

    /// The node to which the next entry of a descriptor leads; -1: no limit is for it.
    ///
    /// Exact values come first, then patterns, the one with most bytes before its star first, then the node without a
    /// value. What was chosen is not taken back if it leads nowhere later.
    package func step(from node: Int, key: Span<UInt8>, value: Span<UInt8>) -> Int {
        let number = keyNumbers.number(of: key)
        guard number >= 0 else { return -1 }
        let branch = branches.value(Int32(node), number)
        guard branch >= 0 else { return -1 }
        let word = valueNumbers.number(of: value)
        if word >= 0 {
            let child = exactChildren.value(branch, word)
            if child >= 0 { return Int(child) }
        }
        let (others, patternBytes) = (branchTable[Int(branch)], patternBytes)
        for index in others.patternStart..<others.patternStart + others.patternCount {
            let pattern = patterns[Int(index)]
            let bytes = patternBytes.span.extracting(Int(pattern.start)..<Int(pattern.start + pattern.count))
            if ValuePattern.matches(value, bytes) { return Int(pattern.node) }
        }
        return Int(others.otherwise)
    }

    /// All limits, in no order that means anything.
    package var all: [DescriptorLimit] { limits }

    /// What applies to a descriptor that ends at a node; `nil`: nothing does.
    package func limit(at node: Int) -> DescriptorLimit? {
        let limit = limitOfNode[node]
        return limit < 0 ? nil : limits[Int(limit)]
    }

    /// Whether any limit of a domain replaces another, so that calls with several descriptors must be looked at as a
    /// whole.
    package func replacesLimits(in domain: Int) -> Bool { replacing[domain] }
}
