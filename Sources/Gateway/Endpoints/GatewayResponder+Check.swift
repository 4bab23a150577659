internal import Admission
internal import Directory
internal import Journal
internal import NIOCore
internal import Policy
internal import Vocabulary

/// The check call: the API itself, or its proxy, asks in JSON and gets every decision as 200.
extension GatewayResponder {
    /// `POST /v1/check`.
    mutating func check(_ request: borrowing HTTPRequestView, from peer: HTTPPeer, _ writer: inout HTTPResponseWriter) {
        guard let isTrusted = trusts(request, from: peer, &writer) else { return }
        do {
            try decoder.decode(request.body)
        } catch {
            return writer.problem(.badRequest, detail: error.description)
        }
        guard let decision = decide(0, prefix: "", isTrusted: isTrusted, source: .check, &writer) else { return }
        writer.start(.ok)
        writer.decisionFields(of: decision)
        writer.limitFields(of: decision, profile: decider.plane.headers)
        writer.finish { $0.value(of: decision) }
    }

    /// `POST /v1/check/batch`: one bad call makes the whole batch bad, before anything is decided.
    mutating func checkBatch(
        _ request: borrowing HTTPRequestView, from peer: HTTPPeer, _ writer: inout HTTPResponseWriter
    ) {
        guard let isTrusted = trusts(request, from: peer, &writer) else { return }
        do {
            try decoder.decodeBatch(request.body)
        } catch {
            return writer.problem(.badRequest, detail: error.description)
        }
        for index in decoder.calls.indices {
            guard problem(with: index, prefix: "requests[\(index)].", isTrusted: isTrusted) == nil else {
                _ = decide(index, prefix: "requests[\(index)].", isTrusted: isTrusted, source: .batch, &writer)
                return
            }
        }
        var decisions: [Decision] = []
        decisions.reserveCapacity(decoder.calls.count)
        for index in decoder.calls.indices {
            let decision = decide(index, prefix: "", isTrusted: isTrusted, source: .batch, &writer)
            guard let decision else { return }
            decisions.append(decision)
        }
        writer.start(.ok)
        writer.finish { json in
            json.object { json in
                json.member("decisions", array: { json in decisions.forEach { json.value(of: $0) } })
            }
        }
    }

    /// Why a call cannot be decided: it names what does not exist, or what this caller may not name.
    private func problem(with index: Int, prefix: String, isTrusted: Bool) -> (HTTPStatus, String)? {
        let call = decoder.calls[index]
        decider.refresh()
        let state = decider.state
        if call.tenant != nil || call.cost != nil || !call.attributes.isEmpty || call.address != nil, !isTrusted {
            return (
                .forbidden,
                "`\(prefix)tenant`, `cost`, `attributes` and `address` are for trusted callers: send a `credential` alone, or "
                    + "prove yourself by a client certificate or the field Headgate-Gateway-Token."
            )
        }
        if let range = call.tenant {
            guard let tenant = decoder.withBytes(range, { state.binding.directory.tenantIndex(named: $0) }) else {
                return (.unprocessableContent, "`\(prefix)tenant`: there is no tenant '\(decoder.string(range))'.")
            }
            if let range = call.principal,
                decoder.withBytes(range, { state.binding.directory.principalIndex(named: $0, tenant: tenant) }) == nil
            {
                return (
                    .unprocessableContent,
                    "`\(prefix)principal`: the tenant has no principal '\(decoder.string(range))'."
                )
            }
        }
        if let range = call.idempotencyKey, decoder.withBytes(range, { KeyUse.charge(text: $0) == nil }) {
            return (
                .badRequest,
                "`\(prefix)idempotencyKey`: a key has 1 to \(IdempotencyKey.lengthMax) printable ASCII characters."
            )
        }
        if let range = call.address, decoder.withBytes(range, { IPAddress($0) }) == nil {
            return (.unprocessableContent, "`\(prefix)address`: '\(decoder.string(range))' is no address.")
        }
        if let range = call.operation {
            let name = decoder.string(range)
            guard state.policy.operations.contains(where: { $0.name == name }) else {
                return (.unprocessableContent, "`\(prefix)operation`: the policy has no operation '\(name)'.")
            }
        }
        if let range = call.region, !state.policy.regions.isEmpty {
            let name = decoder.string(range)
            guard state.policy.regions.contains(where: { $0.name == name }) else {
                return (.unprocessableContent, "`\(prefix)region`: the policy has no region '\(name)'.")
            }
        }
        return nil
    }

    /// Decides one decoded call; answers with a problem and returns `nil` if it cannot be decided.
    private func decide(
        _ index: Int, prefix: String, isTrusted: Bool, source: DecisionRecord.Source,
        _ writer: inout HTTPResponseWriter
    ) -> Decision? {
        if let (status, detail) = problem(with: index, prefix: prefix, isTrusted: isTrusted) {
            writer.problem(status, detail: detail)
            return nil
        }
        let call = decoder.calls[index]
        let (text, decider) = (decoder.scanner.text, decider)
        return decider.decide(decisionCall(call, isTrusted: isTrusted, source: source)) { state, moment in
            Identity(call, text, decider, in: state, at: moment)
        } target: { policy in
            call.target(in: policy, text)
        } describe: {
            (call.method.map { text.string($0) } ?? "", call.path.map { text.string($0) } ?? "")
        }
    }

    /// Decides the budgets of the only decoded call, which is then to be concluded; answers with a problem and returns
    /// `nil` if it cannot be decided.
    func decideHeld(isTrusted: Bool, _ writer: inout HTTPResponseWriter) -> Decision? {
        if let (status, detail) = problem(with: 0, prefix: "", isTrusted: isTrusted) {
            writer.problem(status, detail: detail)
            return nil
        }
        let call = decoder.calls[0]
        let (text, decider) = (decoder.scanner.text, decider)
        return decider.decideHeld(decisionCall(call, isTrusted: isTrusted, source: .admission)) { state, moment in
            Identity(call, text, decider, in: state, at: moment)
        } target: { policy in
            call.target(in: policy, text)
        } describe: {
            (call.method.map { text.string($0) } ?? "", call.path.map { text.string($0) } ?? "")
        }
    }

    private func decisionCall(_ call: CheckCall, isTrusted: Bool, source: DecisionRecord.Source) -> DecisionCall {
        var result = DecisionCall(source: source)
        result.claim = call.trafficClass.map { decoder.string($0) }
        result.attributes = decoder.attributes[call.attributes].map {
            (decoder.string($0.name), decoder.string($0.value))
        }
        result.isTrusted = isTrusted
        if let range = call.address, decider.looksAtAddresses {
            result.address = decoder.withBytes(range) { IPAddress.last(in: $0, 0..<$0.count) }
        }
        result.region = call.region.map { decoder.string($0) }
        result.cost = call.cost
        result.bytes = call.bytes ?? 0
        result.keyUse = call.idempotencyKey.flatMap { decoder.withBytes($0) { KeyUse.charge(text: $0) } }
        return result
    }
}

extension CheckCall {
    /// Which call is to be decided.
    fileprivate func target(in policy: Snapshot, _ text: JSONText) -> ClassificationRequest.Target {
        if let operation { return .operation(named: text.string(operation)) }
        guard let method, let path else { return .matched(.none) }
        return text.withBytes(method) { method in
            text.withBytes(path) { .matched(policy.matcher.match(method: method, path: $0)) }
        }
    }
}

extension Identity {
    /// Finds who calls, by credential or by name.
    fileprivate init(
        _ call: CheckCall, _ text: JSONText, _ decider: Decider, in state: DataPlaneState, at moment: Moment
    ) {
        if let credential = call.credential {
            self = text.withBytes(credential) { decider.identify($0, in: state, at: moment) }
        } else {
            self.init(named: call, text, in: state, at: moment.wall)
        }
    }

    /// Finds the tenant, and the principal if there is one, that a trusted caller names.
    ///
    /// A name that has gone from the directory since the call was looked at is a stranger.
    fileprivate init(named call: CheckCall, _ text: JSONText, in state: DataPlaneState, at now: WallTime) {
        let directory = state.binding.directory
        guard let range = call.tenant, let tenant = text.withBytes(range, { directory.tenantIndex(named: $0) })
        else {
            self = .stranger
            return
        }
        guard let range = call.principal else {
            self.init(tenant: tenant, in: state.binding, at: now)
            return
        }
        guard let principal = text.withBytes(range, { directory.principalIndex(named: $0, tenant: tenant) }) else {
            self = .stranger
            return
        }
        self.init(principal: principal, in: state.binding, at: now)
    }
}
