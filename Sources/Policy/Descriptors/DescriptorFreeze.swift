internal import Vocabulary

/// Flattens the domains of a policy into a `DescriptorIndex` and the plans of its limits.
struct DescriptorFreeze {
    /// The plans of the limits, in the order of their nodes.
    private(set) var plans: [Plan] = []
    private let domains: [DescriptorDomain]
    private let attributes: [String]
    private let planBase: Int
    private var keys = ByteNumbering()
    private var values = ByteNumbering()
    private var meanings: [(left: Int32, right: Int32, value: Int32)] = []
    private var meaningTable: [DescriptorMeaning] = []
    private var roots: [Int32] = []
    private var branches: [(left: Int32, right: Int32, value: Int32)] = []
    private var exactChildren: [(left: Int32, right: Int32, value: Int32)] = []
    private var branchTable: [DescriptorIndex.Branch] = []
    private var patterns: [DescriptorIndex.Pattern] = []
    private var patternBytes: [UInt8] = []
    private var limitOfNode: [Int32] = []
    private var limits: [DescriptorLimit] = []
    private var replacing: [Bool] = []

    /// Prepares to freeze domains.
    ///
    /// - Parameters:
    ///   - domains: the domains, sorted by the bytes of their names; their nodes in canonical order.
    ///   - attributes: the names that `DescriptorMeaning.attribute` counts.
    ///   - planBase: the number of plans that come before those of limits.
    init(_ domains: [DescriptorDomain], attributes: [String], planBase: Int) {
        self.domains = domains
        self.attributes = attributes
        self.planBase = planBase
    }

    /// Freezes the domains.
    ///
    /// - Complexity: O(n) in keys and nodes.
    mutating func run() -> DescriptorIndex {
        for (number, domain) in domains.enumerated() {
            for key in domain.keys {
                meanings.append((Int32(number), keys.number(of: key.key), Int32(meaningTable.count)))
                meaningTable.append(key.meaning)
            }
            roots.append(domain.isMapped ? -1 : appendTree(of: domain))
            replacing.append(domain.limits.contains(where: \.replacesSomething))
        }
        return DescriptorIndex(
            domains: domains, attributes: attributes, domainNumbers: LiteralTable(domains.map(\.name)),
            keyNumbers: LiteralTable(keys.texts), valueNumbers: LiteralTable(values.texts),
            meanings: PairTable(meanings), meaningTable: meaningTable, roots: roots, branches: PairTable(branches),
            exactChildren: PairTable(exactChildren), branchTable: branchTable, patterns: patterns,
            patternBytes: patternBytes, limitOfNode: limitOfNode, limits: limits, replacing: replacing)
    }

    /// Where the walk through a tree is.
    private struct Path {
        var planName: String
        var label = ""
        var depth = 0
        var sharedEntries: UInt64 = 0

        /// The path one step further.
        func appending(_ node: DescriptorNode) -> Path {
            let isShared = node.isShared || node.value != nil && !node.isPattern
            return Path(
                planName: planName + "/" + LimitPlanName.step(node),
                label: label.isEmpty ? node.words : "\(label), \(node.words)", depth: depth + 1,
                sharedEntries: isShared ? sharedEntries | 1 << UInt64(depth) : sharedEntries)
        }
    }

    private mutating func appendTree(of domain: DescriptorDomain) -> Int32 {
        let root = appendNode()
        var named: [String: Int] = [:]
        var pending: [(limit: Int, names: [String])] = []
        appendChildren(
            domain.limits, of: root, Path(planName: LimitPlanName.domain(domain.name)), &named, &pending)
        for (limit, names) in pending {
            limits[limit] = limits[limit].replacing(names.compactMap { named[$0] }.sorted())
        }
        return root
    }

    private mutating func appendNode() -> Int32 {
        limitOfNode.append(-1)
        return Int32(limitOfNode.count - 1)
    }

    /// Appends the nodes below one; those of one key become a branch.
    private mutating func appendChildren(
        _ children: [DescriptorNode], of parent: Int32, _ path: Path, _ named: inout [String: Int],
        _ pending: inout [(limit: Int, names: [String])]
    ) {
        var current: (key: Int32, branch: Int32)?
        // The patterns of a branch stand side by side, so the whole level comes before what is below it.
        var level: [(child: DescriptorNode, node: Int32)] = []
        for child in children {
            let key = keys.number(of: child.key)
            let branch: Int32
            if let current, current.key == key {
                branch = current.branch
            } else {
                branch = Int32(branchTable.count)
                branches.append((parent, key, branch))
                branchTable.append(.init(patternStart: Int32(patterns.count), patternCount: 0, otherwise: -1))
                current = (key, branch)
            }
            level.append((child, append(child, toBranch: branch)))
        }
        for (child, node) in level {
            let path = path.appending(child)
            if let rule = child.rule { append(rule, at: node, path, &named, &pending) }
            appendChildren(child.children, of: node, path, &named, &pending)
        }
    }

    private mutating func append(_ child: DescriptorNode, toBranch branch: Int32) -> Int32 {
        let node = appendNode()
        if let value = child.value, child.isPattern {
            branchTable[Int(branch)].patternCount += 1
            patterns.append(
                .init(start: Int32(patternBytes.count), count: Int32(value.utf8.count), node: node))
            patternBytes += Array(value.utf8)
        } else if let value = child.value {
            exactChildren.append((branch, values.number(of: value), node))
        } else {
            branchTable[Int(branch)].otherwise = node
        }
        return node
    }

    private mutating func append(
        _ rule: DescriptorNode.Rule, at node: Int32, _ path: Path, _ named: inout [String: Int],
        _ pending: inout [(limit: Int, names: [String])]
    ) {
        var plan = -1
        if let limitPlan = Plan(name: path.planName, limit: rule.allowance) {
            plan = planBase + plans.count
            plans.append(limitPlan)
        }
        limitOfNode[Int(node)] = Int32(limits.count)
        if let name = rule.name { named[name] = Int(node) }
        if !rule.replaces.isEmpty { pending.append((limits.count, rule.replaces)) }
        limits.append(
            DescriptorLimit(
                plan: plan, name: rule.name, label: path.label, stage: rule.stage,
                amount: DescriptorLimit.Amount(rule.allowance), replaces: [], sharedEntries: path.sharedEntries))
    }
}

extension DescriptorNode {
    /// Whether a limit here or below replaces another.
    fileprivate var replacesSomething: Bool {
        rule.map { !$0.replaces.isEmpty } ?? false || children.contains(where: \.replacesSomething)
    }
}

extension DescriptorLimit {
    /// The same limit, switching off those of some nodes.
    fileprivate func replacing(_ nodes: [Int]) -> DescriptorLimit {
        DescriptorLimit(
            plan: plan, name: name, label: label, stage: stage, amount: amount, replaces: nodes,
            sharedEntries: sharedEntries)
    }
}

extension Plan {
    /// The plan of a limit of descriptors, whose tenants are counters; `nil` if nothing is counted.
    ///
    /// It has room for no class and no operation: requests name neither.
    fileprivate init?(name: String, limit: DescriptorNode.Allowance) {
        switch limit {
        case .unlimited: return nil
        case .bucket(let budget): self.init(name: name, tenant: budget, laneOfClass: [], meterOfOperation: [])
        case .calendar(let amount, let period):
            self.init(
                name: name, tenant: .unlimited, laneOfClass: [], meterOfOperation: [],
                quotas: [Quota(unit: .cost, amount: amount, period: period)])
        }
    }
}
