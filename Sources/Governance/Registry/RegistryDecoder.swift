internal import Access
internal import Directory
internal import Policy
internal import Vocabulary

/// Reads what `RegistryEncoder` wrote.
///
/// Names that many tenants share are kept once: a million tenants have a handful of plans and of lists of classes.
struct RegistryDecoder {
    private var shared: [String: String] = [:]
    private var sharedLists: [[String]: [String]] = [:]
    private var reader = CompactReader([])

    /// Why bytes are no registry.
    struct Malformed: Error {}

    /// Reads everything but the tenants.
    mutating func readRest(into registry: inout Registry, from bytes: [UInt8]) throws {
        reader = CompactReader(bytes)
        registry.platform = try list { try $0.principal(.platform) }
        for principal in registry.platform {
            for key in principal.keys { registry.keys[key.id] = .platform }
        }
        for (name, entry) in try list({ try $0.operatorEntry() }) { registry.operators[name] = entry }
        for (stream, version) in try list({ (try $0.reader.text(), try $0.reader.signed()) }) {
            registry.versions[stream] = version
        }
        registry.policies.proposals = try list { try $0.proposal() }
        registry.policies.publications = try list { decoder in
            PolicyPublication(
                id: try decoder.reader.text(), time: try decoder.time(), actor: try decoder.reader.text(),
                isRollback: try decoder.reader.flag())
        }
        registry.tokens = try tokens()
        guard reader.isAtEnd else { throw Malformed() }
    }

    private mutating func tokens() throws -> TokenRegistry {
        var tokens = TokenRegistry()
        tokens.keys = try list { try $0.signingKey() }
        for issuer in try list({ try $0.issuer() }) { tokens.issuers[issuer.name] = issuer }
        tokens.minimumPolicy = try reader.optionalText()
        tokens.revoked = try list { decoder in
            TokenRevocationFacts(
                issuer: try decoder.sharedText(), id: try decoder.reader.text(), expires: EventTime(try decoder.time()),
                tenant: try decoder.reader.optionalText(), principal: try decoder.reader.optionalText(),
                at: EventTime(try decoder.time()))
        }
        let cuts = try list { decoder -> (TokenSubject, WallTime) in
            guard let kind = TokenSubject.Kind(rawValue: try decoder.reader.text()) else { throw Malformed() }
            let subject = TokenSubject(
                kind, tenant: try decoder.reader.optionalText(), principal: try decoder.reader.optionalText(),
                key: try decoder.reader.optionalText())
            return (subject, try decoder.time())
        }
        for (subject, moment) in cuts { tokens.cuts[subject] = moment }
        tokens.sequence = try reader.signed()
        return tokens
    }

    private mutating func signingKey() throws -> TokenRegistry.SigningKeyEntry {
        let facts = SigningKeyFacts(
            id: try reader.text(), algorithm: try reader.text(), key: try reader.text(), at: EventTime(try time()))
        guard let state = TokenRegistry.SigningKeyEntry.State(rawValue: try reader.text()) else { throw Malformed() }
        return TokenRegistry.SigningKeyEntry(
            facts: facts, state: state, activated: try optional { try $0.time() },
            retired: try optional { try $0.time() })
    }

    private mutating func issuer() throws -> IssuerFacts {
        var facts = IssuerFacts(
            name: try reader.text(), issuer: try reader.text(), audience: try reader.text(), keys: try reader.text(),
            type: try reader.optionalText(), tenants: try optional { try $0.texts() })
        for pair in try list({ try $0.texts() }) {
            guard pair.count == 2 else { throw Malformed() }
            facts.claims[pair[0]] = pair[1]
        }
        return facts
    }

    /// Reads a part of the tenants.
    mutating func readTenants(into registry: inout Registry, from bytes: [UInt8]) throws {
        reader = CompactReader(bytes)
        while !reader.isAtEnd {
            let entry = try tenant()
            let owner = Principal.Owner.tenant(entry.tenant.name)
            for principal in entry.principals {
                for key in principal.keys { registry.keys[key.id] = owner }
            }
            registry.tenants[entry.tenant.name] = entry
        }
    }

    private mutating func tenant() throws -> TenantEntry {
        let name = try reader.text()
        var tenant = Tenant(name: name, plan: try sharedText())
        tenant.segment = try optional { try $0.sharedText() }
        let contract = try reader.optionalText()
        tenant.regions = try optional { try $0.texts() }
        tenant.isSandbox = try reader.flag()
        tenant.isSuspended = try reader.flag()
        tenant.assignments = try list { decoder in
            PlanAssignment(
                plan: try decoder.sharedText(), from: try decoder.time(), until: try decoder.optional { try $0.time() },
                isTrial: try decoder.reader.flag())
        }
        tenant.grants = try list { try $0.grant() }
        let requests = try list { try $0.request() }
        let principals = try list { try $0.principal(.tenant(name)) }
        let version = try reader.signed()
        var entry = TenantEntry(tenant: tenant, created: try time())
        entry.contract = contract
        entry.requests = requests
        entry.principals = principals
        entry.version = version
        return entry
    }

    private mutating func operatorEntry() throws -> (String, OperatorEntry) {
        let name = try reader.text()
        let roles = try list { decoder in
            OperatorFacts.HeldRole(
                role: try decoder.sharedText(), tenants: try decoder.optional { try $0.texts() })
        }
        let facts = OperatorFacts(roles: roles, disabled: try reader.flag())
        let (generation, mark) = (try reader.signed(), try reader.optionalText())
        let enrolment = try optional { try $0.enrolment() }
        let sponsor = try reader.optionalText()
        let usedSteps = UsedSteps(floor: try reader.optionalSigned(), steps: try list { try $0.reader.signed() })
        let tokens = try list { try $0.token(of: name) }
        let version = try reader.signed()
        var entry = OperatorEntry(facts: facts, created: try time())
        entry.credentialGeneration = generation
        entry.secretsMark = mark
        entry.enrolment = enrolment
        entry.sponsor = sponsor
        entry.usedSteps = usedSteps
        entry.tokens = tokens
        entry.version = version
        return (name, entry)
    }

    private mutating func enrolment() throws -> OperatorEntry.OpenEnrolment {
        guard let hash = SecretHash(try reader.text()) else { throw Malformed() }
        return OperatorEntry.OpenEnrolment(hash: hash, expires: try time())
    }

    private mutating func token(of name: String) throws -> TokenGrant {
        guard let owner = OperatorName(name), let hash = SecretHash(try reader.text()) else { throw Malformed() }
        let (label, scopes) = (try reader.text(), try texts())
        return TokenGrant(
            owner: owner, label: label, scopes: Set(scopes.compactMap(TokenScope.init)), hash: hash,
            issuedAt: try time(), expiresAt: try time(), revokedAt: try optional { try $0.time() })
    }

    private mutating func request() throws -> GrantRequest {
        let grant = try grant()
        var request = GrantRequest(
            grant: grant, requester: try reader.text(), proposed: try time(), others: try texts())
        guard let state = GrantRequest.State(rawValue: try sharedText()) else { throw Malformed() }
        request.state = state
        request.decider = try reader.optionalText()
        return request
    }

    private mutating func principal(_ owner: Principal.Owner) throws -> Principal {
        var principal = Principal(owner: owner, name: try sharedText(), classes: try texts(), attributes: try texts())
        principal.summary = try reader.optionalText()
        principal.keys = try list { try $0.key() }
        return principal
    }

    private mutating func key() throws -> APIKey {
        let id = try reader.text()
        let hash = try KeyHash(from: &reader)
        return APIKey(
            id: id, hash: hash, created: try time(), expires: try optional { try $0.time() },
            revoked: try optional { try $0.time() }, label: try reader.optionalText())
    }

    private mutating func grant() throws -> Grant {
        let (id, kind) = (try reader.text(), try sharedText())
        let adjustments = try list { decoder in
            AdjustmentFacts(
                target: try decoder.sharedText(), factor: try decoder.reader.optionalSigned(),
                rate: try decoder.reader.optionalSigned(), period: try decoder.reader.optionalSigned(),
                burst: try decoder.reader.optionalSigned(), amount: try decoder.reader.optionalSigned())
        }
        let facts = GrantFacts(
            id: id, kind: kind, adjustments: adjustments, features: try texts(), from: EventTime(try time()),
            until: try optional { EventTime(try $0.time()) }, reason: try reader.text(),
            review: try optional { EventTime(try $0.time()) })
        guard let grant = facts.grant else { throw Malformed() }
        return grant
    }

    private mutating func proposal() throws -> PolicyProposal {
        let (id, version) = (try reader.text(), try reader.text())
        let documents = try list { PolicyText(name: try $0.reader.text(), text: try $0.reader.text()) }
        let facts = ProposalFacts(
            id: id, version: version, documents: documents, reason: try reader.text(),
            parent: try reader.optionalText(), expires: try optional { EventTime(try $0.time()) })
        var proposal = PolicyProposal(
            facts: facts, author: try reader.text(), proposed: try time(), others: try texts())
        guard let state = PolicyProposal.State(rawValue: try sharedText()) else { throw Malformed() }
        proposal.state = state
        proposal.decider = try reader.optionalText()
        proposal.scheduled = try optional { try $0.time() }
        proposal.scheduler = try reader.optionalText()
        return proposal
    }

    private mutating func time() throws -> WallTime { WallTime(milliseconds: try reader.signed()) }

    private mutating func sharedText() throws -> String {
        let text = try reader.text()
        guard text.utf8.count > 15 else { return text }  // short ones take no memory of their own
        if let known = shared[text] { return known }
        shared[text] = text
        return text
    }

    private mutating func texts() throws -> [String] {
        let texts = try list { try $0.reader.text() }
        guard !texts.isEmpty else { return [] }
        if let known = sharedLists[texts] { return known }
        sharedLists[texts] = texts
        return texts
    }

    private mutating func list<Element>(_ read: (inout Self) throws -> Element) throws -> [Element] {
        let count = try reader.unsigned()
        guard count <= UInt64(reader.bytes.count) else { throw Malformed() }
        var elements: [Element] = []
        elements.reserveCapacity(Int(count))
        for _ in 0..<count { elements.append(try read(&self)) }
        return elements
    }

    private mutating func optional<Value>(_ read: (inout Self) throws -> Value) throws -> Value? {
        try reader.flag() ? try read(&self) : nil
    }
}
