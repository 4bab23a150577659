internal import Vocabulary

extension Comparison {
    /// Compares the operations.
    mutating func compareOperations() {
        let owners = (Comparison.patternOwners(old), Comparison.patternOwners(new))
        for pair in Comparison.pairs(old.operations, new.operations, name: \.name) {
            let subject = Subject(.operation, pair.name)
            let patterns = (pair.members.0?.patterns ?? [], pair.members.1?.patterns ?? [])
            guard let first = pair.members.0, let second = pair.members.1 else {
                addPresence(
                    subject, pair.members.0.map(Comparison.words), pair.members.1.map(Comparison.words),
                    pair.members.0 == nil ? .gains : .loses)
                continue
            }
            comparePatterns(subject, patterns, owners)
            addCount(subject, .cost, first.cost, second.cost, better: .less)
            addCount(subject, .seats, first.seats, second.seats, better: .less)
            compareEffectiveTier(subject, first, second)
            compareClass(subject, .trafficClass, first.trafficClass, second.trafficClass)
            add(
                subject, .neededFeature, first.feature.map(Value.text) ?? .none,
                second.feature.map(Value.text) ?? .none,
                first.feature == nil ? .loses : second.feature == nil ? .gains : .changes)
            add(
                subject, .idempotency, .text(first.idempotency.word), .text(second.idempotency.word),
                rank: (first.idempotency.openness, second.idempotency.openness), better: .more)
            compareRules(subject, first, second)
        }
    }

    /// Adds a line if the class of something differs; which class is better depends on the plan.
    private mutating func compareClass(_ subject: Subject, _ aspect: Aspect, _ first: Int?, _ second: Int?) {
        add(
            subject, aspect, first.map { .text(old.classes[$0].name) } ?? .none,
            second.map { .text(new.classes[$0].name) } ?? .none, .changes)
    }

    /// Compares the tiers that hold where no rule does: an operation that names none has that of its class.
    private mutating func compareEffectiveTier(_ subject: Subject, _ first: Operation, _ second: Operation) {
        let tiers = (old.usualTier(of: first), new.usualTier(of: second))
        guard tiers.0.name != tiers.1.name || (first.tier == nil) != (second.tier == nil) else { return }
        add(
            subject, .tier, .text(tiers.0.words), .text(tiers.1.words), tierVerdict(tiers.0.name, tiers.1.name))
    }

    /// Compares which requests are an operation's: more patterns make more requests known.
    private mutating func comparePatterns(
        _ subject: Subject, _ patterns: ([String], [String]), _ owners: ([String: String], [String: String])
    ) {
        let sets = (Set(patterns.0), Set(patterns.1))
        guard sets.0 != sets.1 else { return }
        let verdict: Verdict =
            sets.1.isStrictSuperset(of: sets.0) ? .gains : sets.1.isStrictSubset(of: sets.0) ? .loses : .changes
        let came = sets.1.subtracting(sets.0).sorted().map { pattern in
            "now \(pattern)" + (owners.0[pattern].map { ", until now \($0)" } ?? "")
        }
        let went = sets.0.subtracting(sets.1).sorted().map { pattern in
            "no more \(pattern)" + (owners.1[pattern].map { ", now \($0)" } ?? "")
        }
        add(
            subject, .patterns, .texts(patterns.0), .texts(patterns.1), verdict,
            note: (came + went).joined(separator: "; "))
    }

    private static func patternOwners(_ snapshot: Snapshot) -> [String: String] {
        let pairs = snapshot.operations.flatMap { operation in operation.patterns.map { ($0, operation.name) } }
        return Dictionary(pairs) { first, _ in first }
    }

    private static func words(_ operation: Operation) -> String {
        let patterns = operation.patterns.isEmpty ? "matched by name" : Wording.list(operation.patterns, max: 3)
        return "\(patterns), cost \(NumberText.grouped(operation.cost))"
    }

    /// Compares rules that have the same conditions; one that only one policy has is compared with what holds without.
    private mutating func compareRules(_ subject: Subject, _ first: Operation, _ second: Operation) {
        let countBefore = lines.count
        let keyed = (Comparison.rules(of: first), Comparison.rules(of: second))
        for pair in Comparison.pairs(keyed.0, keyed.1, name: \.condition) {
            let rules = (pair.members.0?.rule, pair.members.1?.rule)
            let tiers = (rules.0?.tier ?? first.tier, rules.1?.tier ?? second.tier)
            if rules.0?.tier != rules.1?.tier {
                compareTier(subject, .rule(.tier, when: pair.name), tiers.0, tiers.1)
            }
            if rules.0?.trafficClass != rules.1?.trafficClass {
                compareClass(
                    subject, .rule(.trafficClass, when: pair.name), rules.0?.trafficClass ?? first.trafficClass,
                    rules.1?.trafficClass ?? second.trafficClass)
            }
            if rules.0?.cost != rules.1?.cost {
                addCount(
                    subject, .rule(.cost, when: pair.name), rules.0?.cost ?? first.cost, rules.1?.cost ?? second.cost,
                    better: .less)
            }
        }
        let orders = (keyed.0.map(\.condition), keyed.1.map(\.condition))
        let common = Set(orders.0).intersection(orders.1)
        let isReordered = orders.0.filter(common.contains) != orders.1.filter(common.contains)
        guard isReordered || lines.count == countBefore else { return }
        add(subject, .rules, .texts(orders.0), .texts(orders.1), .changes, note: "the first rule that holds decides")
    }

    private typealias KeyedRule = (condition: String, rule: Operation.ContextRule)

    /// The rules by their conditions; of several with the same ones only the first can decide.
    private static func rules(of operation: Operation) -> [KeyedRule] {
        var seen: Set<String> = []
        return operation.rules.map { (Operation.Condition.words($0.conditions), $0) }
            .filter { seen.insert($0.0).inserted }
    }
}

extension Snapshot {
    /// The tier of an operation's requests where no rule holds and the caller claims no class, with its words.
    fileprivate func usualTier(of operation: Operation) -> (name: String, words: String) {
        if let tier = operation.tier { return (tiers[tier].name, tiers[tier].name) }
        let trafficClass = classes[operation.trafficClass ?? defaultClass]
        let name = tiers[trafficClass.tier].name
        return (name, "\(name), that of class \(trafficClass.name)")
    }
}

extension Operation.Idempotency {
    /// The word that policies use.
    var word: String {
        switch self {
        case .none: "none"
        case .optional: "optional"
        case .required: "required"
        }
    }

    /// How much callers may do: calls without a key, and repeats that are recognised.
    fileprivate var openness: Int {
        switch self {
        case .required: 0
        case .none: 1
        case .optional: 2
        }
    }
}
