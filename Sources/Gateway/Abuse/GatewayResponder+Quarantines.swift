internal import Admission
internal import Directory
internal import NIOCore
internal import Policy
internal import Vocabulary

/// The quarantine list, for trusted callers.
extension GatewayResponder {
    /// `GET` and `POST /v1/quarantines`, `DELETE /v1/quarantines/{id}`.
    ///
    /// What changes is on the disk a fraction of a second after the answer.
    mutating func quarantines(
        _ request: borrowing HTTPRequestView, from peer: HTTPPeer, _ writer: inout HTTPResponseWriter
    ) {
        guard let isTrusted = trusts(request, from: peer, &writer) else { return }
        guard isTrusted else {
            return writer.problem(
                .forbidden,
                detail: "The quarantine list is for trusted callers: show a client certificate or send "
                    + "Headgate-Gateway-Token.")
        }
        let path = request.string(request.head.path)
        let rest = path.dropFirst("/v1/quarantines".count)
        let isWhole = rest.isEmpty || rest == "/"
        switch request.method {
        case .get where isWhole, .head where isWhole: listQuarantines(&writer)
        case .post where isWhole: addQuarantine(request, &writer)
        case .delete where !isWhole: liftQuarantine(String(rest.dropFirst()), &writer)
        default:
            writer.start(.methodNotAllowed)
            writer.field("Allow", literal: isWhole ? "GET, HEAD, POST" : "DELETE")
            writer.finish(
                problem: .methodNotAllowed,
                detail: isWhole ? "The list answers GET and POST." : "An entry answers DELETE, which lifts it.")
        }
    }

    private func listQuarantines(_ writer: inout HTTPResponseWriter) {
        let entries = decider.plane.abuse.entries
        writer.start(.ok)
        writer.field("Cache-Control", literal: "no-store")
        writer.finish { json in
            json.object { json in
                json.member("quarantines", array: { json in entries.forEach { json.value(of: $0) } })
            }
        }
    }

    private func addQuarantine(_ request: borrowing HTTPRequestView, _ writer: inout HTTPResponseWriter) {
        var scanner = JSONScanner()
        let call: QuarantineCall
        do { call = try QuarantineCall(request.body, &scanner) } catch {
            return writer.problem(.badRequest, detail: error.description)
        }
        if let problem = problem(with: call.subject) { return writer.problem(.unprocessableContent, detail: problem) }
        do {
            let entry = try decider.plane.abuse.add(
                call.subject, action: call.action, operatorName: call.operatorName, reason: call.reason,
                lasting: call.lasting, at: WallTime.now())
            writer.start(.created)
            writer.finish { $0.value(of: entry) }
        } catch {
            writer.problem(.conflict, detail: error.message)
        }
    }

    /// A misspelt tenant would never be missed, so it is refused; keys are not looked up, they may come later.
    private func problem(with subject: Quarantine.Subject) -> String? {
        guard case .tenant(let name) = subject else { return nil }
        let directory = decider.plane.state.binding.directory
        guard directory.tenantIndex(named: name) != nil else {
            return "`name`: there is no tenant '\(name)'."
        }
        return nil
    }

    private func liftQuarantine(_ name: String, _ writer: inout HTTPResponseWriter) {
        guard let id = DecisionID(name), let entry = decider.plane.abuse.lift(id, at: WallTime.now()) else {
            return writer.problem(
                .notFound, detail: "Nobody is in quarantine under '\(name)'; GET /v1/quarantines lists who is.")
        }
        writer.start(.ok)
        writer.finish { $0.value(of: entry) }
    }
}

extension JSONWriter {
    /// Writes an entry of the quarantine list.
    mutating func value(of entry: Quarantine) {
        object { json in
            json.member("id", entry.id)
            json.member("kind", entry.subject.kind.name)
            json.member("name", entry.subject.name)
            json.member("action", entry.action.name)
            json.member("stage", entry.stage.name)
            json.member("rule", entry.rule)
            json.member("operator", entry.operatorName)
            json.member("reason", entry.reason)
            json.member("since", entry.since.description)
            json.member("until", entry.until.description)
            json.member("evidence", entry.evidence.text)
            json.member("spareTiers", array: { json in entry.sparedTiers.forEach { json.value($0) } })
            json.member("spareClasses", array: { json in entry.sparedClasses.forEach { json.value($0) } })
        }
    }
}
