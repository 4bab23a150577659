internal import Vocabulary

extension Compilation {
    /// Checks the classes and lowers those whose parts could be resolved.
    mutating func lowerClasses(_ stages: [Stage]) -> [TrafficClass?] {
        checkCompetition()
        let blackouts = lowerBlackouts(stages)
        return classes.indices.map { index in
            let trafficClass = classes[index]
            checkProtection(trafficClass)
            let tier = trafficClass.tier.flatMap { resolveTier($0) }
            guard let tier, let consequence = trafficClass.consequence, let owner = trafficClass.owner else {
                return nil
            }
            return TrafficClass(
                name: trafficClass.name.value, tier: tier, consequence: consequence.value, owner: owner.value,
                isolated: trafficClass.isIsolated, governed: trafficClass.isGoverned,
                advertisesBackoff: trafficClass.advertisesBackoff,
                mustNotCompete: trafficClass.mustNotCompete.compactMap { classNames[$0.value] }.sorted(),
                onLimit: trafficClass.onLimit, stage: stages[index], blackouts: blackouts[index],
                nearMissBasisPoints: trafficClass.nearMiss?.value ?? Tier.nearMissStandard)
        }
    }

    /// The class of requests for which nothing else names one.
    mutating func resolveDefaultClass() -> Int? {
        if let stated = document.defaultClass {
            let index = resolve(stated, in: classNames)
            if let index { checkGovernedDefault(index, at: stated.span) }
            return index
        }
        if let index = classNames["interactive"] ?? (classes.count == 1 ? 0 : nil) {
            checkGovernedDefault(index, at: classes[index].name.span)
            return index
        }
        guard !classes.isEmpty else { return nil }
        log.error(
            .missingKey, "the policy does not say which class a request has that names none", at: document.start,
            suggestion: "add `defaults: { class: … }` with one of \(classNames.names.listed())")
        return nil
    }

    private mutating func checkGovernedDefault(_ index: Int, at span: SourceSpan) {
        guard classes[index].isGoverned else { return }
        log.warning(
            .governedClass,
            "the default class \(classes[index].name.value.quoted) is governed, so requests that name no class are refused "
                + "unless their principal lists it", at: span)
    }

    /// Work that repairs and recovers needs an answer to "and what happens when it is limited?".
    private mutating func checkProtection(_ trafficClass: PolicyDocument.TrafficClass) {
        guard let consequence = trafficClass.consequence, consequence.value.isProtected, !trafficClass.statesOnLimit
        else { return }
        log.error(
            .missingOnLimit,
            "the class \(trafficClass.name.value.quoted) is for \(consequence.value.name), but nothing says what happens "
                + "when it is limited", at: trafficClass.name.span,
            suggestion: "add `onLimit: { reschedule: 30s, escalateAfter: 10m }`, or a `fallback` in words")
    }
}
