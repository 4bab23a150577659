internal import Vocabulary

extension PolicyMeaning {
    /// Time zones and warnings of quotas, where they are not the standard: policies that state none keep the version
    /// they had before there were any.
    func encodeCalendars(into encoding: inout CanonicalEncoding) {
        let zones = plans.filter { $0.zone != .utc }
        if !zones.isEmpty {
            encoding.text("time zones")
            encoding.list(zones) { encoding, plan in
                encoding.text(plan.name)
                encoding.text(plan.zone.name)
            }
        }
        let warned = plans.flatMap { plan in
            plan.quotas.filter { $0.warnings != Plan.Quota.warningsStandard }.map { (plan: plan.name, quota: $0) }
        }
        guard !warned.isEmpty else { return }
        encoding.text("quota warnings")
        encoding.list(warned) { encoding, warned in
            encoding.text(warned.plan)
            encoding.text(warned.quota.unit.name)
            encoding.text(warned.quota.period.name)
            encoding.list(warned.quota.warnings) { $0.number($1) }
        }
    }
}

extension CanonicalEncoding {
    /// Bounds of grants.
    mutating func bounds(_ bounds: GrantBounds) {
        text("governance")
        number(bounds.exemptionFactorMax)
        number(bounds.exemptionLengthMax.count)
        number(bounds.trialLengthMax.count)
        number(bounds.factorMax)
        number(bounds.reviewWithin.count)
        list(bounds.plans.sorted { $0.key < $1.key }) { encoding, plan in
            encoding.text(plan.key)
            encoding.optional(plan.value.factorMax) { $0.number($1) }
            encoding.optional(plan.value.reviewWithin) { $0.number($1.count) }
            encoding.optional(plan.value.exceptionsMax) { $0.number($1) }
        }
    }
}
