/// A limit of a domain with the way that leads to it.
struct DescriptorLeaf: Hashable {
    /// The nodes from the first entry to the one that has the limit.
    let path: [DescriptorNode]
    /// What applies there.
    let rule: DescriptorNode.Rule

    /// The path as text, different for different paths: `database=users/table=audit*`.
    var name: String { path.map { LimitPlanName.step($0) }.joined(separator: "/") }

    /// The keys whose values tell counters apart.
    var countedKeys: [String] {
        path.filter { !$0.isShared && ($0.value == nil || $0.isPattern) }.map(\.key)
    }
}

extension DescriptorDomain {
    /// All limits, in canonical order, those of fewer entries before those below them.
    var leaves: [DescriptorLeaf] { limits.flatMap { $0.leaves(below: []) } }
}

extension DescriptorNode {
    /// The limits at this node and below it.
    fileprivate func leaves(below path: [DescriptorNode]) -> [DescriptorLeaf] {
        let path = path + [self]
        return (rule.map { [DescriptorLeaf(path: path, rule: $0)] } ?? []) + children.flatMap { $0.leaves(below: path) }
    }
}
