internal import Admission
internal import NIOCore
internal import Policy
internal import Vocabulary

/// How the system behind is, for trusted callers: who tells it moves everybody's ceilings.
extension GatewayResponder {
    /// `GET /v1/health`, `PUT` and `DELETE /v1/health/{signal}`.
    mutating func healthSignals(
        _ request: borrowing HTTPRequestView, from peer: HTTPPeer, _ writer: inout HTTPResponseWriter
    ) {
        guard let isTrusted = trusts(request, from: peer, &writer) else { return }
        guard isTrusted else {
            return writer.problem(
                .forbidden,
                detail: "Health is for trusted callers: show a client certificate or send Headgate-Gateway-Token.")
        }
        let path = request.string(request.head.path)
        let rest = path.dropFirst("/v1/health".count)
        let isWhole = rest.isEmpty || rest == "/"
        switch request.method {
        case .get where isWhole, .head where isWhole: report(&writer)
        case .put where !isWhole: tell(String(rest.dropFirst()), request, &writer)
        case .delete where !isWhole: retract(String(rest.dropFirst()), &writer)
        default:
            writer.start(.methodNotAllowed)
            writer.field("Allow", literal: isWhole ? "GET, HEAD" : "PUT, DELETE")
            writer.finish(
                problem: .methodNotAllowed,
                detail: isWhole ? "Health answers GET." : "A signal answers PUT, which tells it, and DELETE.")
        }
    }

    private func report(_ writer: inout HTTPResponseWriter) {
        let report = decider.plane.health.report(at: Clock.monotonic())
        writer.start(.ok)
        writer.field("Cache-Control", literal: "no-store")
        writer.finish { $0.value(report) }
    }

    private func tell(_ name: String, _ request: borrowing HTTPRequestView, _ writer: inout HTTPResponseWriter) {
        guard request.body.readableBytes <= HealthCall.bodyBytesMax else {
            return writer.problem(
                .contentTooLarge, detail: "What is told of a signal takes at most \(HealthCall.bodyBytesMax) bytes.")
        }
        var scanner = JSONScanner()
        let call: HealthCall
        do { call = try HealthCall(request.body, &scanner) } catch {
            return writer.problem(.badRequest, detail: error.description)
        }
        let now = decider.begin().0
        do { try decider.plane.health.tell(name, call.value, lasting: call.lasting, at: now.monotonic) } catch {
            return refuse(name, error, &writer)
        }
        settle(at: now)
        report(&writer)
    }

    private func refuse(_ name: String, _ refusal: SignalBoard.Refusal, _ writer: inout HTTPResponseWriter) {
        switch refusal {
        case .unknown:
            let names = decider.plane.state.policy.health?.signals.map(\.name) ?? []
            let known = names.isEmpty ? "it has none" : "it has \(names.joined(separator: ", "))"
            writer.problem(.notFound, detail: "The policy has no such signal; \(known).")
        case .hasNoMarks:
            writer.problem(
                .unprocessableContent,
                detail: "`number`: the policy gives numbers of '\(name)' no meaning; tell a `state`.")
        case .hasMarks:
            writer.problem(
                .unprocessableContent, detail: "`state`: the policy wants a `number` of '\(name)', and judges itself.")
        }
    }

    private func retract(_ name: String, _ writer: inout HTTPResponseWriter) {
        guard decider.plane.health.retract(name) else {
            return writer.problem(.notFound, detail: "Nobody tells such a signal; GET /v1/health lists what is told.")
        }
        settle(at: decider.begin().0)
        report(&writer)
    }

    /// What is worse counts at once.
    private func settle(at now: Moment) {
        let health = decider.plane.health
        decider.plane.settleHealth(upstream: health.report(at: now.monotonic).upstream, at: now)
    }
}

extension JSONWriter {
    /// Writes how the system is.
    mutating func value(_ report: HealthMonitor.Report) {
        object { json in
            json.member("health", report.health?.name)
            json.member("envelope", (report.health?.envelope ?? .baseline).name)
            json.member("signals", array: { json in report.causes.forEach { json.value($0) } })
            if let upstream = report.upstream {
                json.member(
                    "upstream",
                    object: { json in
                        json.member("errorBasisPoints", upstream.errorBasisPoints)
                        json.member("slowdownBasisPoints", upstream.slowdownBasisPoints)
                    })
            }
            json.member("tenantsHeld", Int64(report.heldTenants))
        }
    }

    private mutating func value(_ cause: HealthMonitor.Cause) {
        object { json in
            json.member("name", cause.name)
            json.member("health", cause.health.name)
            switch cause.value {
            case .number(let number): json.member("number", number)
            case .health(let health): json.member("state", health.name)
            case nil: break
            }
            json.member("leftMs", cause.left?.millisecondsRoundedUp)
        }
    }
}
