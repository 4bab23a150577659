internal import Vocabulary

extension Narrator {
    /// The domains of descriptors.
    var domains: [Section] {
        snapshot.descriptors.domains.map { domain in
            Section(
                kind: "domain", name: domain.name.excerpt(count: DescriptorWords.lengthMax),
                sentences: domain.isMapped ? meanings(in: domain) : limits(in: domain))
        }
    }

    private func meanings(in domain: DescriptorDomain) -> [String] {
        let attributes = snapshot.descriptors.attributes
        let (ignored, read) = (
            domain.keys.filter { $0.meaning == .ignored }, domain.keys.filter { $0.meaning != .ignored }
        )
        var sentences = ["Its descriptors are calls, decided by tenant, operation and class like all others."]
        if !read.isEmpty {
            let meanings = read.map { "\(DescriptorWords.text($0.key)) is \($0.meaning.words(attributes))" }
            sentences.append("In them, \(Wording.list(meanings)).")
        }
        if !ignored.isEmpty {
            sentences.append("Nothing depends on \(Wording.list(ignored.map { DescriptorWords.text($0.key) })).")
        }
        return sentences
    }

    private func limits(in domain: DescriptorDomain) -> [String] {
        let leaves = domain.leaves
        guard !leaves.isEmpty else { return ["Nothing in it is limited."] }
        return ["Its limits count by keys and values alone; what none of them is for is not limited."]
            + leaves.map(sentence)
    }

    private func sentence(_ leaf: DescriptorLeaf) -> String {
        var sentence = "A descriptor with \(DescriptorWords.path(leaf.path)) \(allowance(leaf.rule.allowance))"
        if leaf.rule.allowance.isCounted {
            let keys = leaf.countedKeys.map(DescriptorWords.text)
            sentence += ", counted " + (keys.isEmpty ? "together" : "for each value of \(Wording.list(keys))")
        }
        if leaf.rule.stage != .enforce {
            sentence += "; it is in stage \(leaf.rule.stage.name): \(leaf.rule.stage.words)"
        }
        if !leaf.rule.replaces.isEmpty {
            let limits = leaf.rule.replaces.count == 1 ? "limit" : "limits"
            let verb = leaf.rule.replaces.count == 1 ? "does" : "do"
            sentence += "; where this applies, the \(limits) \(Wording.list(leaf.rule.replaces)) \(verb) not count"
        }
        return sentence + "."
    }

    private func allowance(_ allowance: DescriptorNode.Allowance) -> String {
        switch allowance {
        case .unlimited: "is not limited"
        case .bucket(let budget): "gets \(ceiling(of: budget))"
        case .calendar(0, _): "is always refused"
        case .calendar(let amount, let period):
            "gets \(NumberText.grouped(amount)) requests per calendar \(period.name)"
        }
    }
}

extension DescriptorNode.Allowance {
    /// Whether a counter decides.
    fileprivate var isCounted: Bool {
        switch self {
        case .unlimited, .calendar(0, _): false
        case .bucket, .calendar: true
        }
    }
}

/// Words about descriptors, whose keys and values are free text.
enum DescriptorWords {
    /// How many characters of a key or a value are shown.
    static let lengthMax = 60

    /// A key or a value, shortened and without what could disturb a terminal.
    static func text(_ text: String) -> String { text.excerpt(count: lengthMax) }

    /// All of a text, without what could disturb a terminal.
    static func whole(_ text: String) -> String { text.excerpt(count: text.unicodeScalars.count) }

    /// A step of a descriptor: `table=audit*`, `any remote_address`.
    static func step(_ node: DescriptorNode) -> String {
        node.value.map { "\(text(node.key))=\(text($0))" } ?? "any \(text(node.key))"
    }

    /// The way to a limit: `database=users, then any table`.
    static func path(_ path: [DescriptorNode]) -> String { path.map(step).joined(separator: ", then ") }
}

extension DescriptorMeaning {
    /// What the value says, to follow "is".
    fileprivate func words(_ attributes: [String]) -> String {
        switch self {
        case .tenant: "the tenant"
        case .principal: "the principal"
        case .credential: "the credential"
        case .operation: "the operation"
        case .method: "the method"
        case .path: "the path"
        case .trafficClass: "the class that is claimed"
        case .region: "the region"
        case .cost: "the cost"
        case .ignored: "nothing"
        case .attribute(let index): "the attribute \(attributes[index])"
        }
    }
}
