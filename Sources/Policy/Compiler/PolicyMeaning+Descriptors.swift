internal import Vocabulary

extension CanonicalEncoding {
    /// What descriptors mean; nothing at all where the policy says nothing about them, so that such a policy keeps the
    /// version that it had before there were descriptors.
    mutating func descriptors(_ domains: [DescriptorDomain], attributes: [String]) {
        guard !domains.isEmpty else { return }
        text("descriptors")
        list(domains) { encoding, domain in
            encoding.text(domain.name)
            encoding.list(domain.keys) { encoding, key in
                encoding.text(key.key)
                encoding.text(key.meaning.word)
                if case .attribute(let index) = key.meaning { encoding.text(attributes[index]) }
            }
            encoding.list(domain.limits) { $0.node($1) }
        }
    }

    private mutating func node(_ node: DescriptorNode) {
        text(node.key)
        optional(node.value) { $0.text($1) }
        number(node.isShared ? 1 : 0)
        optional(node.rule) { encoding, rule in
            encoding.allowance(rule.allowance)
            encoding.text(rule.stage.name)
            encoding.optional(rule.name) { $0.text($1) }
            encoding.list(rule.replaces) { $0.text($1) }
        }
        list(node.children) { $0.node($1) }
    }

    private mutating func allowance(_ allowance: DescriptorNode.Allowance) {
        switch allowance {
        case .unlimited: text("unlimited")
        case .bucket(let budget):
            text("bucket")
            number(budget.rates[0].amount)
            number(budget.rates[0].period.count)
            number(budget.burst)
        case .calendar(let amount, let period):
            text("calendar")
            number(amount)
            text(period.name)
        }
    }
}

extension DescriptorMeaning {
    /// The word of the language, `attribute` for all attributes.
    var word: String {
        switch self {
        case .tenant: "tenant"
        case .principal: "principal"
        case .credential: "credential"
        case .operation: "operation"
        case .method: "method"
        case .path: "path"
        case .trafficClass: "class"
        case .region: "region"
        case .cost: "cost"
        case .ignored: "ignore"
        case .attribute: "attribute"
        }
    }
}
