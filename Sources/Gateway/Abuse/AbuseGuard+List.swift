package import Admission
package import Journal
internal import Policy
internal import Synchronization
package import Vocabulary

/// Changes of the quarantine list, by people, by rules and by time.
extension AbuseGuard {
    /// Why somebody cannot be put into quarantine; a sentence with what to do instead.
    package struct Refusal: Error, Hashable, Sendable {
        /// The sentence.
        package let message: String
    }

    /// Takes the entries of an earlier run that still hold.
    package func restore(_ records: [IncidentRecord]) {
        state.withLock { state in
            for record in records {
                guard let entry = Quarantine(record) else { continue }
                _ = state.list.add(entry)
            }
            renew(&state, watch: state.view.watch)
        }
        changed()
    }

    /// Puts somebody into quarantine by hand.
    func add(
        _ subject: Quarantine.Subject, action: AbuseRule.Action, operatorName: String, reason: String,
        lasting: Nanoseconds, at wall: WallTime
    ) throws(Refusal) -> Quarantine {
        let (entry, addition) = state.withLock { state in
            let entry = Quarantine(
                id: state.identifiers.next(at: wall), subject: subject, action: action, stage: .enforce, rule: nil,
                operatorName: operatorName, reason: reason, evidence: Evidence([]), since: wall,
                until: WallTime(milliseconds: wall.milliseconds + lasting.millisecondsRoundedUp))
            return (entry, add(entry, &state))
        }
        switch addition {
        case .added, .covered: break
        case .full:
            throw Refusal(
                message: "the list has \(QuarantineList.countMax) entries and takes no more; lift some first")
        case .tooManyLengths:
            throw Refusal(
                message: "the list has prefixes of \(QuarantineList.prefixLengthsMax) lengths; use one of them")
        }
        changed()
        return entry
    }

    /// Lets somebody go; the rules forget what they know of them.
    package func lift(_ id: DecisionID, at wall: WallTime) -> Quarantine? {
        let entry = state.withLock { state -> Quarantine? in
            guard let entry = state.list.lift(id) else { return nil }
            state.view.watch?.forget(
                hash(of: entry.subject), entry.subject.kind, classCount: state.policy?.classes.count ?? 0)
            note(entry, .lifted, at: wall, &state)
            renew(&state, watch: state.view.watch)
            return entry
        }
        if entry != nil { changed() }
        return entry
    }

    /// Lets those go whose time is over, and has all loops know of every change; called several times a second.
    package func settle(at wall: WallTime) {
        let isChanged = state.withLock { state in
            let over = state.list.expire(at: wall)
            guard !over.isEmpty || state.isStale else { return false }
            for entry in over { note(entry, .expired, at: wall, &state) }
            renew(&state, watch: state.view.watch)
            return true
        }
        if isChanged { changed() }
    }

    /// The entries, oldest first.
    package var entries: [Quarantine] { state.withLock { $0.list.sorted } }

    /// Acts on what a rule has found.
    func act(
        on rule: AbuseRule, _ subject: Quarantine.Subject, _ reason: String, _ evidence: Evidence, at wall: WallTime
    ) {
        let isChanged = state.withLock { state in
            state.counts[SuspicionSeries(rule: rule.name, action: rule.action.name), default: 0] += 1
            guard rule.stage != .observe else { return false }
            let policy = state.policy
            func names(_ indices: [Int], _ all: [String]) -> [String] {
                indices.compactMap { $0 < all.count ? all[$0] : nil }
            }
            let entry = Quarantine(
                id: state.identifiers.next(at: wall), subject: subject, action: rule.action, stage: rule.stage,
                rule: rule.name, operatorName: nil, reason: reason, evidence: evidence, since: wall,
                until: WallTime(milliseconds: wall.milliseconds + rule.lasts.millisecondsRoundedUp),
                sparedTiers: names(rule.sparedTiers, policy?.tiers.map(\.name) ?? []),
                sparedClasses: names(rule.sparedClasses, policy?.classes.map(\.name) ?? []))
            guard rule.action != .report else {
                note(entry, .reported, at: wall, &state)
                return false
            }
            guard case .added = add(entry, &state) else { return false }
            return true
        }
        if isChanged { changed() }
    }

    private func add(_ entry: Quarantine, _ state: inout State) -> QuarantineList.Addition {
        let old = state.list.entry(about: entry.subject)
        let addition = state.list.add(entry)
        switch addition {
        case .added(let replaced):
            if replaced != nil, let old { note(old, .replaced, at: entry.since, &state) }
            note(entry, .quarantined, at: entry.since, &state)
            if entry.rule == nil || state.list.entries.count <= AbuseGuard.renewedAtOnceMax {
                renew(&state, watch: state.view.watch)
            } else {
                state.isStale = true
            }
        case .covered: break
        case .full, .tooManyLengths: state.dropped += 1
        }
        return addition
    }

    /// Notes a line for the record.
    private func note(_ entry: Quarantine, _ event: IncidentRecord.Event, at wall: WallTime, _ state: inout State) {
        if state.outbox.count >= AbuseGuard.outboxMax {
            state.outbox.removeFirst(AbuseGuard.outboxMax / 8)
            state.dropped += UInt64(AbuseGuard.outboxMax / 8)
        }
        state.outbox.append(IncidentRecord(entry, event, at: wall))
    }
}
