import Policy
import Testing

/// The smallest policy with a section `descriptors`.
struct DescriptorSample {
    private var policy = SmallPolicy()

    /// A policy whose section has these lines, indented by two spaces here.
    init(_ section: String) { policy.more = "descriptors:\n" + section }

    /// What the compiler makes of it.
    func snapshot() throws -> Snapshot { try policy.snapshot() }

    /// What is wrong, as `line:column code`.
    var places: [String] { policy.places }
}

extension DescriptorIndex {
    /// The node to which the entries of a descriptor lead; -1: none.
    func node(_ domain: String, _ entries: [(String, String)]) -> Int {
        let number = self.domain(named: Array(domain.utf8).span)
        var node = number < 0 ? -1 : root(of: number)
        for (key, value) in entries where node >= 0 {
            node = step(from: node, key: Array(key.utf8).span, value: Array(value.utf8).span)
        }
        return node
    }

    /// The label of the limit that applies to a descriptor; `none` if none does.
    func label(_ domain: String, _ entries: [(String, String)]) -> String {
        let node = node(domain, entries)
        return (node < 0 ? nil : limit(at: node)?.label) ?? "none"
    }
}
