internal import Vocabulary

/// Classification: from verified facts to operation, class, tier and cost.
///
/// Derivation. A caller may know that its request is a repair or an export; a caller may also lie. So what the caller
/// says counts only where somebody else has vouched for it: a claim to a class needs a principal that lists the class,
/// an attribute needs a trusted source, and a path that two programs read differently says nothing at all. Whatever
/// cannot be established is treated as unknown, and unknown is never cheaper nor better protected than known.
///
/// 1. Operation: what the matcher found, or the name. Nothing found and an unknown name make the request *unknown*. A
///    refused path, and contradictory attributes that a rule of the operation reads, give it *several readings*: one
///    of them may be work that is refused to this caller, or that a budget of its own limits, or that is enforced
///    where the rest is not, so it is refused as the strictest of all classes would be.
/// 2. Class: an honoured claim, else the rule's class, else the operation's, else the principal's
///    first, else the default.
/// 3. Tier: the rule's, else the operation's, else the class's; `quarantine` for the unknown.
/// 4. Cost: the rule's, else the operation's; for the unknown at least what the dearest operation costs.
/// 5. Refusals, the first that holds: unknown caller, several readings or unknown request, class not allowed, feature
///    not in the plan. They hold in the stage that the policy states for the class; for the operation's class if that
///    is stricter than a claimed one, since a claim chooses the budget that pays and opens nothing.
extension Snapshot {
    /// Says what a request is.
    ///
    /// - Precondition: the caller's indices belong to this snapshot.
    /// - Complexity: O(1) besides matching, comparing the attributes that rules name, and the caller's classes;
    ///   no allocation.
    package func classify(_ request: borrowing ClassificationRequest) -> Classification {
        classify(request.target, claim: request.claim, attributes: request.attributes, caller: request.caller)
    }

    /// Says what a request is whose parts stand in different places: gathering them would copy each.
    package func classify(
        _ target: ClassificationRequest.Target, claim: String?, attributes: [(name: String, value: String)],
        caller: Caller
    ) -> Classification {
        switch match(target) {
        case .none: return classifyUnknown(claim, caller)
        case .refused: return classifyContested(claim, caller)
        case .operation(let number):
            let rule = matchingRule(of: number, attributes)
            if case .contradiction = rule { return classifyContested(claim, caller) }
            return caller.plan < 0 ? classifyStranger(claim, number, rule) : classifyKnown(claim, caller, number, rule)
        }
    }

    /// The operation a request names or matches.
    private func match(_ target: ClassificationRequest.Target) -> MatchResult {
        switch target {
        case .matched(let found): found
        case .call(let method, let path): matcher.match(method: method, path: path)
        case .operation(let name): classificationIndex.operations[name].map { .operation($0) } ?? MatchResult.none
        }
    }
}

extension Snapshot {
    /// What operation and rule say together, before the caller is looked at.
    private struct Statement {
        var trafficClass: Int?
        var tier: Int?
        var cost: Int64
    }

    /// What the operation says, with the parts that the rule replaces.
    private func statement(of number: Int, _ rule: RuleMatch) -> Statement {
        var statement = Statement(
            trafficClass: operations[number].trafficClass, tier: operations[number].tier, cost: operations[number].cost)
        if case .rule(let index) = rule {
            if let trafficClass = operations[number].rules[index].trafficClass { statement.trafficClass = trafficClass }
            if let tier = operations[number].rules[index].tier { statement.tier = tier }
            if let cost = operations[number].rules[index].cost { statement.cost = cost }
        }
        statement.cost = max(1, statement.cost)
        return statement
    }

    /// Classifies a known operation of a known caller.
    ///
    /// Governed work stays closed to those who do not list its class, even if they claim another class that they do
    /// list: a claim chooses the budget that pays, it opens nothing.
    private func classifyKnown(
        _ claim: String?, _ caller: borrowing Caller, _ number: Int, _ rule: RuleMatch
    ) -> Classification {
        let stated = statement(of: number, rule)
        let (trafficClass, claim) = trafficClass(claim, caller, stated: stated.trafficClass)
        var classification = Classification(
            operation: number, trafficClass: trafficClass, tier: stated.tier ?? classes[trafficClass].tier,
            cost: stated.cost, claim: claim,
            stageOfRefusal: max(classes[trafficClass].stage, classes[stated.trafficClass ?? trafficClass].stage))
        if !mayUse(trafficClass, caller) || !mayUse(stated.trafficClass ?? trafficClass, caller) {
            classification.refusal = .classNotAllowed
        } else if !classificationIndex.isEntitled(plan: caller.plan, operation: number) {
            classification.refusal = .notEntitled
        }
        return classification
    }

    /// Classifies a known operation of somebody unknown.
    ///
    /// A stranger pays at least what everybody pays for the operation, and at least what unknown requests pay. Nobody
    /// vouches for it, so it works in the default class, and neither governed work nor a feature of a plan is open to
    /// it; what it lacks there is a credential, and that is what it is told.
    private func classifyStranger(_ claim: String?, _ number: Int, _ rule: RuleMatch) -> Classification {
        let stated = statement(of: number, rule)
        let isGoverned = classes[defaultClass].governed || stated.trafficClass.map { classes[$0].governed } ?? false
        let isRefused =
            unknown.credential == .block || isGoverned || classificationIndex.needsFeature(operation: number)
        return Classification(
            operation: number, trafficClass: defaultClass, tier: quarantineTier, cost: max(stated.cost, unknown.cost),
            claim: claim == nil ? .none : .ignored, refusal: isRefused ? .unknownCredential : nil,
            stageOfRefusal: classes[defaultClass].stage)
    }

    /// Classifies a request whose operation is not known.
    private func classifyUnknown(_ claim: String?, _ caller: borrowing Caller) -> Classification {
        let isStranger = caller.plan < 0
        let (trafficClass, claim) = trafficClass(claim, caller, stated: nil)
        var classification = Classification(
            operation: -1, trafficClass: trafficClass, tier: quarantineTier, cost: classificationIndex.unknownCost,
            claim: claim, stageOfRefusal: classes[trafficClass].stage)
        if isStranger, unknown.credential == .block || classes[trafficClass].governed {
            classification.refusal = .unknownCredential
        } else if unknown.operation == .block {
            classification.refusal = .unclassified
        } else if !mayUse(trafficClass, caller) {
            classification.refusal = .classNotAllowed
        }
        return classification
    }

    /// Classifies a request with several readings: it is refused, whatever becomes of plainly unknown requests.
    private func classifyContested(_ claim: String?, _ caller: borrowing Caller) -> Classification {
        var classification = classifyUnknown(claim, caller)
        if classification.refusal != .unknownCredential { classification.refusal = .unclassified }
        classification.stageOfRefusal = classificationIndex.strictestStage
        return classification
    }

    /// The class of a request, and what became of the claim; strangers have neither.
    private func trafficClass(
        _ claim: String?, _ caller: borrowing Caller, stated: Int?
    ) -> (trafficClass: Int, claim: Classification.Claim) {
        if caller.plan < 0 { return (defaultClass, claim == nil ? .none : .ignored) }
        let unclaimed = stated ?? caller.classes.first ?? defaultClass
        guard let claim else { return (unclaimed, .none) }
        guard let claimed = classificationIndex.classes[claim], caller.classes.contains(claimed) else {
            return (unclaimed, .ignored)
        }
        return (claimed, .honoured)
    }

    /// Whether a class is open to everybody or to this caller.
    private func mayUse(_ trafficClass: Int, _ caller: borrowing Caller) -> Bool {
        !classes[trafficClass].governed || caller.classes.contains(trafficClass)
    }
}
