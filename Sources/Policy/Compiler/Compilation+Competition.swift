extension Compilation {
    /// Finds classes that must not compete and do.
    ///
    /// Inside a tenant two classes drain one pool if both borrow. Whether a class borrows is a property of the class,
    /// the same in every plan: isolated ones do not, all others do, with a lane or without.
    ///
    /// In the service and its regions the lanes are tiers. Two classes in one tier spend one reserve and stop at one
    /// holdback, so either drains what the other lives from. In different tiers each has its own reserve, if there is
    /// one; what lies above the reserves is one pool for all, and there the more protected tier is safe from the other
    /// as far as its reserve goes, or as far as the other must hold back more.
    mutating func checkCompetition() {
        for trafficClass in classes {
            for other in trafficClass.mustNotCompete {
                guard let index = resolve(other, in: classNames) else { continue }
                guard other.value != trafficClass.name.value else {
                    log.error(
                        .invalidValue, "the class \(other.value.quoted) cannot be kept from competing with itself",
                        at: other.span, suggestion: "remove it from the list")
                    continue
                }
                if !trafficClass.isIsolated, !classes[index].isIsolated {
                    reportCompetition(
                        trafficClass, other, index, "both draw on the shared pool of every plan",
                        "write `isolated: true` for one of them")
                } else if document.service != nil || !document.regions.isEmpty {
                    checkTiers(of: trafficClass, other, index)
                }
            }
        }
    }

    private mutating func checkTiers(
        of trafficClass: PolicyDocument.TrafficClass, _ other: Located<String>, _ index: Int
    ) {
        guard let own = trafficClass.tier.flatMap({ tierNames[$0.value] }),
            let others = classes[index].tier.flatMap({ tierNames[$0.value] })
        else { return }
        let place = document.service == nil ? "every region" : "the service"
        guard own != others else {
            return reportCompetition(
                trafficClass, other, index,
                "both are in the tier \(document.tiers[own].name.value.quoted), whose lane in \(place) they share",
                "give one of them another tier")
        }
        let (protected, shed) = (min(own, others), max(own, others))
        let isReserved = [own, protected].contains { (document.tiers[$0].reserve?.value ?? 0) > 0 }
        guard !isReserved, holdbacks[shed] <= holdbacks[protected] else { return }
        reportCompetition(
            trafficClass, other, index,
            "the tier \(document.tiers[protected].name.value.quoted) has no reserve, and "
                + "\(document.tiers[shed].name.value.quoted) may drain the pool as far as it may itself",
            "give \(document.tiers[protected].name.value.quoted) a `reserve`")
    }

    private mutating func reportCompetition(
        _ trafficClass: PolicyDocument.TrafficClass, _ other: Located<String>, _ index: Int, _ reason: String,
        _ advice: String
    ) {
        log.error(
            .competingClasses,
            "\(trafficClass.name.value.quoted) must not compete with \(other.value.quoted), but \(reason)",
            at: other.span,
            suggestion: "\(advice), or remove \(other.value.quoted) from the list",
            notes: [Diagnostic.Note("\(other.value.quoted) is defined here", at: classes[index].name.span)])
    }
}
