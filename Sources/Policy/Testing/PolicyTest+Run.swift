internal import Vocabulary

extension PolicyTest {
    /// Asks a snapshot and compares.
    ///
    /// Names that the snapshot does not know (it may be another one than the test was written for) are mismatches, not
    /// errors.
    ///
    /// - Returns: what does not hold; empty if the test passes.
    package func run(against snapshot: Snapshot) -> [Mismatch] {
        var unknown: [Mismatch] = []
        let caller = caller(in: snapshot, unknown: &unknown)
        guard unknown.isEmpty else { return unknown }
        var asked = ClassificationRequest(
            target: request.target, claim: request.claim?.value, attributes: request.attributes, caller: caller)
        var statedCost: Int64?
        if let descriptor = request.descriptor {
            let number = descriptor.domainNumber(in: snapshot)
            guard number >= 0 else { return [missing(descriptor.domain, member: "domain")] }
            guard snapshot.descriptors.isMapped(number) else { return run(descriptor, against: snapshot) }
            (asked, statedCost) = descriptor.call(of: caller, in: snapshot)
        }
        var classification = snapshot.classify(asked)
        classification.cost = max(1, statedCost ?? classification.cost)
        return expectations.compactMap { expectation in
            let found = word(for: expectation.member, of: classification, in: snapshot)
            guard found != expectation.word.value else { return nil }
            return Mismatch(
                test: name, member: expectation.member.rawValue, expected: expectation.word.value, found: found,
                span: expectation.word.span)
        }
    }

    /// Compares with the limit that applies to a descriptor.
    private func run(_ descriptor: Descriptor, against snapshot: Snapshot) -> [Mismatch] {
        let limit = descriptor.limit(in: snapshot)
        return expectations.compactMap { expectation in
            let words: [String] =
                switch expectation.member {
                case .limit: [limit?.name, limit?.label].compactMap(\.self)
                case .stage: [limit?.stage.name].compactMap(\.self)
                case .operation, .trafficClass, .tier, .cost, .reason: []
                }
            guard !(words.isEmpty ? ["none"] : words).contains(expectation.word.value) else { return nil }
            return Mismatch(
                test: name, member: expectation.member.rawValue, expected: expectation.word.value,
                found: words.first ?? "none", span: expectation.word.span)
        }
    }

    private func caller(in snapshot: Snapshot, unknown: inout [Mismatch]) -> Caller {
        var caller = Caller(plan: -1)
        if let plan = request.plan {
            caller.plan = snapshot.plans.firstIndex { $0.name == plan.value } ?? -1
            if caller.plan < 0 { unknown.append(missing(plan, member: "plan")) }
        }
        for name in request.principalClasses {
            if let index = snapshot.classes.firstIndex(where: { $0.name == name.value }) {
                caller.classes.append(index)
            } else {
                unknown.append(missing(name, member: "class"))
            }
        }
        return caller
    }

    private func missing(_ name: Located<String>, member: String) -> Mismatch {
        Mismatch(test: self.name, member: member, expected: name.value, found: "none", span: name.span)
    }

    private func word(for member: Member, of classification: Classification, in snapshot: Snapshot) -> String {
        switch member {
        case .operation:
            classification.operation < 0 ? "none" : snapshot.operations[classification.operation].name
        case .trafficClass: snapshot.classes[classification.trafficClass].name
        case .tier: snapshot.tiers[classification.tier].name
        case .cost: String(classification.cost)
        case .reason: classification.refusal?.code ?? "none"
        case .limit: "none"
        case .stage:
            (classification.refusal == nil
                ? snapshot.classes[classification.trafficClass].stage : classification.stageOfRefusal).name
        }
    }
}
