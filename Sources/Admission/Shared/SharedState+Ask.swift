internal import Policy
internal import Vocabulary

extension SharedState {
    /// Looks at quarantine, region and service, notes each, and takes from all of them if everything so far suffices
    /// and the request does not only look.
    ///
    /// - Parameters:
    ///   - request: what is asked for.
    ///   - now: the monotonic clock.
    ///   - stripe: who may get a lease; `nil`: nobody.
    ///   - verdict: with what the tenant's budgets say.
    /// - Returns: whether everything suffices.
    /// - Complexity: O(tiers), and O(leases) once a millisecond or before a refusal; no allocation.
    mutating func ask(
        _ request: AdmissionRequest, at now: Int64, stripe: Int?, into verdict: inout Verdict
    ) -> Bool {
        let count = verdict.readingCount
        let leasing = isLeasing && request.tier != blueprint.quarantineTier ? stripe : nil
        if lending.total > 0 { prepare(request, at: now, stripe: leasing) }
        var look = look(request, at: now, into: &verdict)
        if lending.total > 0, !request.isPeek || !verdict.isSufficient, !mayGoOn(look, request, verdict, from: count) {
            // What leases have spent still stood in the words, or they could not be paid any more.
            settleLeases(at: now, ending: verdict.isSufficient)
            verdict.removeReadings(from: count)
            look = self.look(request, at: now, into: &verdict)
        }
        guard verdict.isSufficient else { return false }
        guard !request.isPeek else { return true }
        spend(look, request, at: now)
        if let leasing { lend(stripe: leasing, region: request.region, tier: request.tier, at: now) }
        return true
    }

    /// What a look found, kept for the spend that may follow.
    private struct Look {
        var region: BudgetLook?
        var service: BudgetLook?
    }

    /// Brings words and leases to this moment.
    private mutating func prepare(_ request: AdmissionRequest, at now: Int64, stripe: Int?) {
        if now > blueprint.leases.end {
            settleLeases(at: now)
        } else if let stripe {
            settleLease(stripe: stripe, pair: blueprint.pair(of: request))
        }
        if let service = budget(-1) { advance(service, to: now) }
        if request.region >= 0, let region = budget(request.region) { advance(region, to: now) }
    }

    /// Whether a look holds although there are leases: the shared budgets suffice, and leases could be paid afterwards.
    private func mayGoOn(_ look: Look, _ request: AdmissionRequest, _ verdict: Verdict, from count: Int) -> Bool {
        guard (count..<verdict.readingCount).allSatisfy({ verdict.readings[$0].isSufficient }) else { return false }
        guard verdict.isSufficient else { return true }
        if let service = look.service, !coversLeases(after: service, lane: request.tier, of: -1) { return false }
        guard let region = look.region else { return true }
        return coversLeases(after: region, lane: request.tier, of: request.region)
    }

    private mutating func look(_ request: AdmissionRequest, at now: Int64, into verdict: inout Verdict) -> Look {
        var look = Look()
        let blueprint = blueprint
        let envelope = envelope
        let span = words.mutableSpan
        if request.tier == blueprint.quarantineTier {
            let meter = blueprint.quarantine
            verdict.append(
                meter.reading(
                    .service, .quarantine, index: -1, level: meter.level(span, at: 0, now: now),
                    need: units(ofCost: request.cost, unitsPerCost: meter.unitsPerCost)))
        }
        if request.region >= 0 {
            look.region = BudgetLook(
                blueprint.region(request.region), base: blueprint.regionBase(request.region), level: .region,
                request: request, now: now, envelope: envelope, blueprint: blueprint, words: span, into: &verdict)
        }
        if let budget = blueprint.service {
            look.service = BudgetLook(
                budget, base: SharedState.serviceBase, level: .service, request: request, now: now,
                envelope: envelope, blueprint: blueprint, words: span, into: &verdict)
        }
        return look
    }

    private mutating func spend(_ look: Look, _ request: AdmissionRequest, at now: Int64) {
        let blueprint = blueprint
        var span = words.mutableSpan
        if request.tier == blueprint.quarantineTier {
            let meter = blueprint.quarantine
            meter.spend(
                units(ofCost: request.cost, unitsPerCost: meter.unitsPerCost), in: &span, at: 0, now: now)
        }
        look.region?.spend(lane: request.tier, blueprint: blueprint, words: &span)
        look.service?.spend(lane: request.tier, blueprint: blueprint, words: &span)
    }
}
