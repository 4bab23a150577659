internal import Access
internal import Directory
internal import Policy
internal import Vocabulary

/// Writes the parts of a registry; `RegistryDecoder` reads them, in the same order.
struct RegistryEncoder {
    /// What was written.
    private(set) var writer = CompactWriter()

    /// Everything but the tenants.
    mutating func writeRest(of registry: Registry) {
        list(registry.platform) { $0.principal($1) }
        list(registry.operators.sorted { $0.key < $1.key }) { encoder, entry in
            encoder.writer.append(entry.key)
            encoder.list(entry.value.facts.roles) { encoder, held in
                encoder.writer.append(held.role)
                encoder.optional(held.tenants) { $0.texts($1) }
            }
            encoder.writer.append(entry.value.facts.disabled)
            encoder.writer.append(entry.value.credentialGeneration)
            encoder.writer.append(entry.value.secretsMark)
            encoder.optional(entry.value.enrolment) { encoder, enrolment in
                encoder.writer.append(enrolment.hash.description)
                encoder.time(enrolment.expires)
            }
            encoder.writer.append(entry.value.sponsor)
            encoder.writer.append(entry.value.usedSteps.floor)
            encoder.list(entry.value.usedSteps.steps) { $0.writer.append($1) }
            encoder.list(entry.value.tokens) { encoder, token in
                encoder.writer.append(token.hash.description)
                encoder.writer.append(token.label)
                encoder.texts(token.scopes.map(\.rawValue).sorted())
                encoder.time(token.issuedAt)
                encoder.time(token.expiresAt)
                encoder.optional(token.revokedAt) { $0.time($1) }
            }
            encoder.writer.append(entry.value.version)
            encoder.time(entry.value.created)
        }
        list(registry.versions.sorted { $0.key < $1.key }) { encoder, stream in
            encoder.writer.append(stream.key)
            encoder.writer.append(stream.value)
        }
        list(registry.policies.proposals) { $0.proposal($1) }
        list(registry.policies.publications) { encoder, publication in
            encoder.writer.append(publication.id)
            encoder.time(publication.time)
            encoder.writer.append(publication.actor)
            encoder.writer.append(publication.isRollback)
        }
        write(registry.tokens)
    }

    /// What holds of short-lived tokens.
    mutating func write(_ tokens: TokenRegistry) {
        list(tokens.keys) { encoder, key in
            for text in [key.facts.id, key.facts.algorithm, key.facts.key] { encoder.writer.append(text) }
            encoder.time(key.facts.at.moment)
            encoder.writer.append(key.state.rawValue)
            encoder.optional(key.activated) { $0.time($1) }
            encoder.optional(key.retired) { $0.time($1) }
        }
        list(tokens.issuers.values.sorted { $0.name < $1.name }) { encoder, issuer in
            for text in [issuer.name, issuer.issuer, issuer.audience, issuer.keys] { encoder.writer.append(text) }
            encoder.writer.append(issuer.type)
            encoder.optional(issuer.tenants) { $0.texts($1) }
            encoder.list(issuer.claims.sorted { $0.key < $1.key }) { $0.texts([$1.key, $1.value]) }
        }
        writer.append(tokens.minimumPolicy)
        list(tokens.revoked) { encoder, token in
            encoder.writer.append(token.issuer)
            encoder.writer.append(token.id)
            encoder.time(token.expires.moment)
            encoder.writer.append(token.tenant)
            encoder.writer.append(token.principal)
            encoder.time(token.at.moment)
        }
        let cuts = tokens.cuts.map { (bytes: "\($0.key)", cut: $0) }.sorted { $0.bytes < $1.bytes }
        list(cuts) { encoder, entry in
            encoder.writer.append(entry.cut.key.kind.rawValue)
            for text in [entry.cut.key.tenant, entry.cut.key.principal, entry.cut.key.key] {
                encoder.writer.append(text)
            }
            encoder.time(entry.cut.value)
        }
        writer.append(tokens.sequence)
    }

    /// One tenant.
    mutating func write(_ entry: TenantEntry) {
        writer.append(entry.tenant.name)
        writer.append(entry.tenant.plan)
        writer.append(entry.tenant.segment)
        writer.append(entry.contract)
        optional(entry.tenant.regions) { $0.texts($1) }
        writer.append(entry.tenant.isSandbox)
        writer.append(entry.tenant.isSuspended)
        list(entry.tenant.assignments) { encoder, assignment in
            encoder.writer.append(assignment.plan)
            encoder.time(assignment.from)
            encoder.optional(assignment.until) { $0.time($1) }
            encoder.writer.append(assignment.isTrial)
        }
        list(entry.tenant.grants) { $0.grant($1) }
        list(entry.requests) { encoder, request in
            encoder.grant(request.grant)
            encoder.writer.append(request.requester)
            encoder.time(request.proposed)
            encoder.texts(request.others)
            encoder.writer.append(request.state.rawValue)
            encoder.writer.append(request.decider)
        }
        list(entry.principals) { $0.principal($1) }
        writer.append(entry.version)
        time(entry.created)
    }

    private mutating func principal(_ principal: Principal) {
        writer.append(principal.name)
        texts(principal.classes)
        texts(principal.attributes)
        writer.append(principal.summary)
        list(principal.keys) { encoder, key in
            encoder.writer.append(key.id)
            key.hash.write(to: &encoder.writer)
            encoder.time(key.created)
            encoder.optional(key.expires) { $0.time($1) }
            encoder.optional(key.revoked) { $0.time($1) }
            encoder.writer.append(key.label)
        }
    }

    private mutating func grant(_ grant: Grant) {
        let facts = GrantFacts(grant)
        writer.append(facts.id)
        writer.append(facts.kind)
        list(facts.adjustments) { encoder, adjustment in
            encoder.writer.append(adjustment.target)
            for number in [
                adjustment.factor, adjustment.rate, adjustment.period, adjustment.burst, adjustment.amount,
            ] { encoder.writer.append(number) }
        }
        texts(facts.features)
        time(grant.from)
        optional(grant.until) { $0.time($1) }
        writer.append(facts.reason)
        optional(grant.review) { $0.time($1) }
    }

    private mutating func proposal(_ proposal: PolicyProposal) {
        writer.append(proposal.facts.id)
        writer.append(proposal.facts.version)
        list(proposal.facts.documents) { encoder, document in
            encoder.writer.append(document.name)
            encoder.writer.append(document.text)
        }
        writer.append(proposal.facts.reason)
        writer.append(proposal.facts.parent)
        optional(proposal.facts.expires) { $0.time($1.moment) }
        writer.append(proposal.author)
        time(proposal.proposed)
        texts(proposal.others)
        writer.append(proposal.state.rawValue)
        writer.append(proposal.decider)
        optional(proposal.scheduled) { $0.time($1) }
        writer.append(proposal.scheduler)
    }

    private mutating func time(_ moment: WallTime) { writer.append(moment.milliseconds) }

    private mutating func texts(_ texts: [String]) { list(texts) { $0.writer.append($1) } }

    private mutating func list<Element>(_ elements: [Element], _ write: (inout Self, Element) -> Void) {
        writer.append(UInt64(elements.count))
        for element in elements { write(&self, element) }
    }

    private mutating func optional<Value>(_ value: Value?, _ write: (inout Self, Value) -> Void) {
        writer.append(value != nil)
        if let value { write(&self, value) }
    }
}
