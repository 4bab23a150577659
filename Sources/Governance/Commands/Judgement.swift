internal import Access
internal import Directory
internal import Ledger
internal import Policy
internal import Vocabulary

/// Says what becomes of a command: pure, on what holds now.
///
/// Rules of permission are the access room's; what stands here are the rules of the domain, separation of duties above
/// all. A judgement that is accepted names the versions on which it rests, so that it is void if somebody was faster.
struct Judgement {
    /// What holds.
    let registry: Registry
    /// Who wants it.
    let actor: OperatorName
    /// When.
    let now: WallTime
    /// The policy in force, if there is one: plans, classes, regions, bounds.
    let policy: Snapshot?

    /// The events that a command makes, all of one stream.
    struct Verdict: Sendable {
        /// The stream.
        let stream: String
        /// The version at which it must be.
        let version: Int64
        /// What happens.
        let events: [GovernanceEvent]
    }

    /// The most tenants; a second million would need another ledger.
    static let tenantCountMax = 2_000_000
    /// The most principals of one owner.
    static let principalCountMax = 1_000
    /// The most keys of one principal that are not dead.
    static let keyCountMax = 32
    /// The most grants of one tenant that are open or hold.
    static let grantCountMax = 32
    /// The most bytes of a reason.
    static let reasonBytesMax = 2_000

    /// Judges a command.
    ///
    /// - Throws: why nothing happens.
    func judge(_ command: GovernanceCommand) throws(GovernanceRefusal) -> Verdict {
        switch command {
        case .createTenant(let name, let facts): try createTenant(name, facts)
        case .changeTenant(let name, let facts): try changeTenant(name, facts)
        case .assignPlan(let tenant, let facts): try assignPlan(tenant, facts)
        case .proposeGrant(let tenant, let facts): try proposeGrant(tenant, facts)
        case .decideGrant(let tenant, let id, let isApproved, let reason):
            try decideGrant(tenant, id, isApproved: isApproved, reason)
        case .withdrawGrant(let tenant, let facts): try withdrawGrant(tenant, facts)
        case .endGrant(let tenant, let ending): try endGrant(tenant, ending)
        case .statePrincipal(let owner, let facts): try statePrincipal(owner, facts)
        case .removePrincipal(let owner, let name): try removePrincipal(owner, name)
        case .issueKey(let owner, let facts, let overlap): try issueKey(owner, facts, overlap: overlap)
        case .revokeKey(let id, let reason): try revokeKey(id, reason)
        case .stateOperator(let name, let facts): try stateOperator(name, facts)
        case .changeCredentials(let name, let facts): try changeCredentials(name, facts)
        case .vouch(let name, let facts): try vouch(name, facts)
        case .signIn(let name, let facts): try signIn(name, facts)
        case .issueToken(let name, let facts): try issueToken(name, facts)
        case .revokeToken(let name, let facts, let isOwn): try revokeToken(name, facts, isOwn: isOwn)
        case .rotateSigningKeys(let facts): try rotateSigningKeys(facts)
        case .stateIssuer(let facts): try stateIssuer(facts)
        case .removeIssuer(let name): try removeIssuer(name)
        case .stateMinimumPolicy(let facts): try stateMinimumPolicy(facts)
        case .cutTokens(let facts): try cutTokens(facts)
        case .liftQuarantine(let facts): try liftQuarantine(facts)
        case .readAudit(let facts): verdict("audit", .auditRead(facts))
        case .eraseRecords(let facts): try eraseRecords(facts)
        case .proposePolicy(let facts): try proposePolicy(facts)
        case .decidePolicy(let id, let isApproved, let reason):
            try decidePolicy(id, isApproved: isApproved, reason)
        case .withdrawPolicy(let facts): try withdrawPolicy(facts)
        case .schedulePolicy(let ending): try schedulePolicy(ending)
        case .publishPolicy(let id): try publishPolicy(id)
        case .rollBackPolicy(let id, let reason): try rollBackPolicy(id, reason)
        }
    }

    /// What a stream is told.
    func verdict(_ stream: String, _ events: GovernanceEvent...) -> Verdict {
        Verdict(stream: stream, version: registry.version(of: stream), events: events)
    }

    /// Who wants it, as records name actors.
    var actorInRecords: String { Governor.actor(authorityName: actor) }

    /// Makes sure that who approves is another person than who proposed, as far as the records can tell: then and now.
    ///
    /// - Parameters:
    ///   - proposer: as records name it.
    ///   - others: who may have been the same person when it was proposed.
    ///   - what: the proposal, for the message.
    /// - Throws: `separationOfDuties` if they may be one person.
    func checkIndependence(
        of proposer: String, _ others: [String], what: String
    ) throws(GovernanceRefusal) {
        guard proposer != actorInRecords else {
            throw GovernanceRefusal(
                .separationOfDuties, "\(actor) has proposed \(what), so somebody else has to approve it")
        }
        let name = proposer.removing(prefix: "operator/") ?? proposer
        guard !others.contains(actor.text), registry.areIndependent(name, actor.text) else {
            throw GovernanceRefusal(
                .separationOfDuties,
                "\(name), who has proposed \(what), and \(actor) count as one person: one of them has let the other "
                    + "in, and nobody else has vouched for it",
                suggestion:
                    "let somebody approve who is not of that line; or, for the next time, have a third operator "
                    + "vouch (POST /v1/operators/NAME/vouching)")
        }
    }

    /// Whether a text has no control characters, so that it stands in one line wherever it is shown.
    func checkPlain(_ text: String?, _ member: String) throws(GovernanceRefusal) {
        guard let text, text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            return
        }
        throw GovernanceRefusal(.invalid, "a \(member) has no control characters", member: member)
    }

    /// A tenant that there is.
    func tenant(_ name: String) throws(GovernanceRefusal) -> TenantEntry {
        guard let entry = registry.tenants[name] else {
            throw GovernanceRefusal(.unknown, "there is no tenant \(name.quoted)", member: "tenant")
        }
        return entry
    }

    /// A reason that says something and has an end.
    func check(reason: String?, isNeeded: Bool) throws(GovernanceRefusal) {
        let text = reason ?? ""
        if isNeeded, text.allSatisfy(\.isWhitespace) {
            throw GovernanceRefusal(
                .invalid, "a reason is needed", member: "reason", suggestion: "say why, in a sentence for the record")
        }
        guard text.utf8.count <= Judgement.reasonBytesMax else {
            throw GovernanceRefusal(
                .invalid, "a reason has at most \(Judgement.reasonBytesMax) bytes", member: "reason")
        }
    }

    /// A plan that the policy has, where there is a policy.
    func check(plan: String) throws(GovernanceRefusal) {
        guard let policy, !policy.plans.contains(where: { $0.name == plan }) else { return }
        throw unknown("plan", plan, among: policy.plans.map(\.name))
    }

    /// A refusal of a name that is not there, with the nearest that is.
    func unknown(_ what: String, _ name: String, among names: [String]) -> GovernanceRefusal {
        let nearest = Spelling.nearest(to: name, among: names)
        return GovernanceRefusal(
            .unknown, "the policy has no \(what) \(name.quoted)", member: what,
            suggestion: nearest.map { "did you mean \($0.quoted)?" }
                ?? (names.isEmpty ? nil : "known there: \(names.sorted().listed())"))
    }
}
