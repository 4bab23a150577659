internal import Policy
package import Vocabulary

extension AdmissionEngine {
    /// Decides one request.
    ///
    /// - Parameters:
    ///   - request: what is asked for, in indices of the blueprint's snapshot.
    ///   - blueprint: the one with which the request was classified.
    ///   - moment: both clocks, read once for this request.
    ///   - verdict: an empty verdict, filled on return.
    /// - Returns: whether a decision was made. It is not when another snapshot has been applied since `blueprint`
    ///   was read; nothing was spent then, and the caller classifies again with the engine's present blueprint.
    /// - Complexity: O(lanes + quotas) expected; no allocation once the tenant is known.
    package func decide(
        _ request: AdmissionRequest, with blueprint: Blueprint, at moment: Moment, into verdict: inout Verdict
    ) -> Bool {
        if request.stage == .observe {
            verdict.reason = .stageNotEnforcing
            return true
        }
        guard let tenant = request.tenant else {
            return decideShared(request, with: blueprint, at: moment, into: &verdict) != .stale
        }
        return shard(of: tenant).state.withLock { state in
            state.adopt(blueprint, at: moment)
            guard state.blueprint === blueprint else { return false }
            let tenantState = TenantState(blueprint: blueprint, plan: blueprint.plan(request.plan))
            if request.isPeek {
                let progress = state.withCopy(of: tenant, as: tenantState, plan: request.plan, at: moment) { words in
                    look(request, tenantState, at: moment, words: words, into: &verdict)
                }
                return conclude(progress, request, into: &verdict)
            }
            guard let offset = state.locate(tenant, plan: request.plan, at: moment) else {
                return conclude(nil, request, into: &verdict)
            }
            let progress = state.tenants.withNode(offset, length: tenantState.plan.wordCount) { words in
                decide(request, tenantState, at: moment, words: &words, into: &verdict)
            }
            if progress == .sufficient, tenantState.plan.isDurable { state.markDirty(tenant, at: offset) }
            return progress != .stale
        }
    }

    private enum Progress { case stale, refused, sufficient }

    /// - Returns: whether a decision was made; `nil` is one for want of memory.
    private func conclude(_ progress: Progress?, _ request: AdmissionRequest, into verdict: inout Verdict) -> Bool {
        if progress == nil { verdict.concludeUnable(stage: request.stage) }
        return progress != .stale
    }

    /// What `decide` would say, with nothing written.
    private func look(
        _ request: AdmissionRequest, _ tenant: TenantState, at moment: Moment, words: borrowing MutableSpan<Int64>,
        into verdict: inout Verdict
    ) -> Progress {
        verdict.activeClasses = tenant.activeClasses(
            with: request.trafficClass, in: words, now: moment.monotonic.count)
        let header = NodeHeader(word: words[NodeHeader.index])
        let envelope = header.lowerEnvelope(request.envelope)
        _ = tenant.look(request, at: moment, envelope: envelope, words: words, into: &verdict)
        return decideShared(request, with: tenant.blueprint, at: moment, into: &verdict)
    }

    private func decide(
        _ request: AdmissionRequest, _ tenant: TenantState, at moment: Moment, words: inout MutableSpan<Int64>,
        into verdict: inout Verdict
    ) -> Progress {
        verdict.activeClasses = tenant.markActive(
            request.trafficClass, in: &words, now: moment.monotonic.count)
        var header = NodeHeader(word: words[NodeHeader.index])
        let envelope = header.lowerEnvelope(request.envelope)
        let look = tenant.look(request, at: moment, envelope: envelope, words: words, into: &verdict)
        let progress = decideShared(request, with: tenant.blueprint, at: moment, into: &verdict)
        if progress == .sufficient {
            tenant.spend(look, request, at: moment, words: &words)
            header.envelope = request.envelope
            words[NodeHeader.index] = header.word
        }
        return progress
    }

    private func decideShared(
        _ request: AdmissionRequest, with blueprint: Blueprint, at moment: Moment, into verdict: inout Verdict
    ) -> Progress {
        let progress =
            request.tier < 0
            ? (verdict.isSufficient ? Progress.sufficient : .refused)
            : shared.withLock { state -> Progress in
                state.adopt(blueprint, at: moment.monotonic.count)
                guard state.blueprint === blueprint else { return .stale }
                return state.decide(request, at: moment.monotonic.count, into: &verdict) ? .sufficient : .refused
            }
        switch progress {
        case .stale: verdict = Verdict()
        case .sufficient: verdict.concludeAdmitted()
        case .refused: verdict.concludeRefused(stage: request.stage)
        }
        return progress
    }
}

extension AdmissionEngine.ShardState {
    /// Where a tenant's words lie; makes room for one that is new or has changed its plan.
    mutating func locate(_ key: TenantKey, plan: Int, at moment: Moment) -> UInt32? {
        if let offset = tenants.find(key) {
            if tenants.header(at: offset).plan == plan { return offset }
            return move(key, at: offset, from: blueprint, toPlan: plan, moment: moment)
        }
        // Every newcomer pays for a look at a few others, so memory follows the number of tenants that are active.
        _ = sweep(limit: 4, moment: moment)
        let parameters = blueprint.plan(plan)
        guard let offset = tenants.insert(key, plan: plan, length: parameters.wordCount) else { return nil }
        let state = TenantState(blueprint: blueprint, plan: parameters)
        tenants.withNode(offset, length: parameters.wordCount) { state.fill(&$0, moment: moment) }
        return offset
    }

    /// Looks at the next few tenants and forgets those whose state is that of a stranger.
    ///
    /// Nothing is lost by that: they come back full.
    ///
    /// - Returns: how many were forgotten.
    mutating func sweep(limit: Int, moment: Moment) -> Int {
        var forgotten = 0
        var remaining = min(limit, tenants.slotCount)
        while remaining > 0 {
            remaining -= 1
            guard let offset = tenants.nextInSweep() else { continue }
            let header = tenants.header(at: offset)
            let plan = blueprint.plan(header.plan)
            let state = TenantState(blueprint: blueprint, plan: plan)
            let isIdle = tenants.withNode(offset, length: plan.wordCount) { state.isIdle($0, moment: moment) }
            guard isIdle, !header.isDirty else { continue }
            tenants.remove(tenants.key(at: offset), length: plan.wordCount)
            forgotten += 1
            remaining += 1  // what moved into the gap is looked at too; ends, since there is one tenant less
        }
        return forgotten
    }

    /// Notes that the durable part of a tenant changed, once until it is collected.
    mutating func markDirty(_ key: TenantKey, at offset: UInt32) {
        var header = tenants.header(at: offset)
        guard !header.isDirty else { return }
        header.isDirty = true
        tenants.withNode(offset, length: NodeHeader.index + 1) { $0[NodeHeader.index] = header.word }
        dirty.append(key)
    }
}
