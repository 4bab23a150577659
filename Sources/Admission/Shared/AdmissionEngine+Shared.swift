internal import Policy
internal import Vocabulary

/// What became of a request at the budgets that all tenants share.
enum Progress {
    /// Another snapshot holds by now; nothing was looked at.
    case stale
    /// At least one budget, of the tenant or shared, does not suffice.
    case refused
    /// All suffice, and what is shared has been taken unless the request only looks.
    case sufficient
}

extension AdmissionEngine {
    /// Asks quarantine, region and service, after the tenant's budgets were looked at, and concludes the verdict.
    ///
    /// - Parameters:
    ///   - request: what is asked for.
    ///   - blueprint: the one with which it was classified.
    ///   - moment: both clocks.
    ///   - stripe: the tenant's shard, which is held; `nil` if nobody is known.
    ///   - verdict: with what the tenant's budgets say.
    /// - Returns: what became of it.
    @inline(__always)
    func askShared(
        _ request: AdmissionRequest, with blueprint: Blueprint, at moment: Moment, stripe: Int?,
        into verdict: inout Verdict
    ) -> Progress {
        let progress =
            blueprint.asksNothingShared(request)
            ? (verdict.isSufficient ? Progress.sufficient : .refused)
            : askLease(request, with: blueprint, at: moment, stripe: stripe, into: &verdict)
                ?? askBudgets(request, with: blueprint, at: moment, stripe: stripe, into: &verdict)
        switch progress {
        case .stale: verdict.reset()
        case .sufficient: verdict.concludeAdmitted()
        case .refused: verdict.concludeRefused(stage: request.stage)
        }
        return progress
    }

    /// Pays from what the shard has leased; `nil` if that does not suffice and the budgets have to be asked.
    @inline(__always)
    private func askLease(
        _ request: AdmissionRequest, with blueprint: Blueprint, at moment: Moment, stripe: Int?,
        into verdict: inout Verdict
    ) -> Progress? {
        guard let stripe, request.tier != blueprint.quarantineTier else { return nil }
        let leases = blueprint.leases
        let pair = blueprint.pair(of: request)
        let now = moment.monotonic.count
        guard leases.covers(request.cost, stripe: stripe, pair: pair, at: now) else { return nil }
        if verdict.isSufficient, !request.isPeek {
            guard leases.spend(request.cost, stripe: stripe, pair: pair, at: now) else { return nil }
            verdict.isLeased = true
        }
        blueprint.noteLeased(request, into: &verdict)
        return verdict.isSufficient ? .sufficient : .refused
    }

    @inline(never)
    private func askBudgets(
        _ request: AdmissionRequest, with blueprint: Blueprint, at moment: Moment, stripe: Int?,
        into verdict: inout Verdict
    ) -> Progress {
        let now = moment.monotonic.count
        return shared.withLock { state in
            state.adopt(blueprint, at: now)
            guard state.blueprint === blueprint else { return .stale }
            return state.ask(request, at: now, stripe: stripe, into: &verdict) ? .sufficient : .refused
        }
    }
}

extension Blueprint {
    /// Whether no budget that tenants share is asked for a request.
    @inline(__always)
    fileprivate func asksNothingShared(_ request: AdmissionRequest) -> Bool {
        request.tier < 0 || (service == nil && request.region < 0 && request.tier != quarantineTier)
    }

    /// The lease that a request is paid from: one for each region, or none, and tier.
    @inline(__always)
    func pair(of request: AdmissionRequest) -> Int { (request.region + 1) * counts.tiers + request.tier }

    /// Notes region and service as the last settlement left them, which is plentiful.
    @inline(__always)
    fileprivate func noteLeased(_ request: AdmissionRequest, into verdict: inout Verdict) {
        if request.region >= 0 {
            verdict.append(leased(.region, request, regionUnitsPerCost(request.region), regionBase(request.region)))
        }
        if let service {
            verdict.append(leased(.service, request, service.unitsPerCost, SharedState.serviceBase))
        }
    }

    @inline(__always)
    private func leased(
        _ level: BudgetLevel, _ request: AdmissionRequest, _ unitsPerCost: Int64, _ base: Int
    ) -> BudgetReading {
        BudgetReading(
            level: level, kind: .lanes, index: request.tier, own: leases.published(base + 2 + request.tier),
            pool: leases.published(base + 1), need: units(ofCost: request.cost, unitsPerCost: unitsPerCost),
            unitsPerCost: unitsPerCost, wait: 0)
    }
}
