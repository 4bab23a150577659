internal import Policy
package import Vocabulary

extension AdmissionEngine {
    /// Decides one request.
    ///
    /// - Parameters:
    ///   - request: what is asked for, in indices of the blueprint's snapshot.
    ///   - blueprint: the one with which the request was classified.
    ///   - moment: both clocks, read once for this request.
    ///   - verdict: filled on return; what it said before is forgotten, so that one can be used for many decisions.
    /// - Returns: whether a decision was made. It is not when another snapshot has been applied since `blueprint`
    ///   was read; nothing was spent then, and the caller classifies again with the engine's present blueprint.
    /// - Complexity: O(lanes + quotas) expected; no allocation once the tenant is known.
    package func decide(
        _ request: AdmissionRequest, with blueprint: Blueprint, at moment: Moment, into verdict: inout Verdict
    ) -> Bool {
        verdict.reset()
        if case .observe = request.stage {
            verdict.reason = .stageNotEnforcing
            return true
        }
        guard let tenant = request.tenant else {
            return askShared(request, with: blueprint, at: moment, stripe: nil, into: &verdict) != .stale
        }
        let shard = shard(of: tenant)
        return shards.withLock(at: shard) { state in
            if state.generation != blueprint.generation {
                state.adopt(blueprint, at: moment)
                guard state.generation == blueprint.generation else { return false }
            }
            return decide(request, of: tenant, in: &state, with: blueprint, stripe: shard, at: moment, into: &verdict)
        }
    }

    @inline(__always)  // the body of a decision
    private func decide(
        _ request: AdmissionRequest, of key: TenantKey, in state: inout ShardState, with blueprint: Blueprint,
        stripe: Int, at moment: Moment, into verdict: inout Verdict
    ) -> Bool {
        guard !request.isPeek else {
            return look(request, of: key, in: &state, with: blueprint, stripe: stripe, at: moment, into: &verdict)
        }
        guard let offset = state.locate(key, plan: request.plan, at: moment) else {
            verdict.concludeUnable(stage: request.stage)
            return true
        }
        let tenant = state.reader(plan: request.plan, of: blueprint, at: moment)
        let progress = state.tenants.withNode(offset, length: tenant.plan.wordCount) { words in
            decide(request, tenant, with: blueprint, stripe: stripe, at: moment, words: &words, into: &verdict)
        }
        if progress == .sufficient, tenant.plan.isDurable { state.markDirty(key, at: offset) }
        return progress != .stale
    }

    /// Looks at the tenant's budgets, asks those that are shared, and takes from all if all suffice.
    @inline(__always)
    private func decide(
        _ request: AdmissionRequest, _ tenant: TenantState, with blueprint: Blueprint, stripe: Int, at moment: Moment,
        words: inout MutableSpan<Int64>, into verdict: inout Verdict
    ) -> Progress {
        var header = NodeHeader(word: words[NodeHeader.index])
        verdict.activeClasses = tenant.markActive(
            request.trafficClass, in: &words, header: &header, now: moment.monotonic.count)
        let envelope = header.lowerEnvelope(request.envelope)
        let look = tenant.look(request, at: moment, envelope: envelope, words: words, into: &verdict)
        let progress = askShared(request, with: blueprint, at: moment, stripe: stripe, into: &verdict)
        if progress == .sufficient {
            tenant.spend(look, request, at: moment, words: &words)
            header.envelope = request.envelope
        }
        if words[NodeHeader.index] != header.word { words[NodeHeader.index] = header.word }
        return progress
    }

    /// What `decide` would say, with nothing written.
    @inline(never)
    private func look(
        _ request: AdmissionRequest, of key: TenantKey, in state: inout ShardState, with blueprint: Blueprint,
        stripe: Int, at moment: Moment, into verdict: inout Verdict
    ) -> Bool {
        let tenant = state.reader(plan: request.plan, at: moment)
        let progress = state.withCopy(of: key, as: tenant, plan: request.plan, at: moment) { words -> Progress in
            let header = NodeHeader(word: words[NodeHeader.index])
            verdict.activeClasses = tenant.activeClasses(
                with: request.trafficClass, in: words, header: header, now: moment.monotonic.count)
            let envelope = header.lowerEnvelope(request.envelope)
            _ = tenant.look(request, at: moment, envelope: envelope, words: words, into: &verdict)
            return askShared(request, with: blueprint, at: moment, stripe: stripe, into: &verdict)
        }
        if progress == nil { verdict.concludeUnable(stage: request.stage) }
        return progress != .stale
    }
}
