/// The names of the plans of limits: `/legacy-edge/database=users/table=audit*`.
///
/// No name of a plan that people write begins with a slash. Slashes, percent signs and, in keys, equal signs are
/// escaped, so that different paths never have one name.
enum LimitPlanName {
    /// The beginning of all names in a domain.
    static func domain(_ name: String) -> String { "/" + escaped(name, "%/") }

    /// One more step.
    static func step(_ node: DescriptorNode) -> String {
        let key = escaped(node.key, "%/=")
        return node.value.map { "\(key)=\(escaped($0, "%/"))" } ?? key
    }

    private static func escaped(_ text: String, _ reserved: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if reserved.unicodeScalars.contains(scalar) {
                result.append(contentsOf: "%\(String(scalar.value, radix: 16, uppercase: true))".unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }
}
