internal import Directory
internal import Policy
internal import Vocabulary

/// What operators and their tools ask.
extension GatewayResponder {
    /// Answers `GET /readyz`.
    ///
    /// 200 while the server decides by what its files say; 503 with the reasons while it does not, or is stopping. A
    /// bad file on disk changes nothing about the decisions, but somebody should know. A journal that cannot be written
    /// stands among the problems too, but is no reason to send requests elsewhere: without room on the disk every
    /// server would be out, and nothing would be governed. A stranger gets the status and what it says: the reasons
    /// quote files, and the policy's name and the number of tenants are not its business.
    func readiness(
        _ request: borrowing HTTPRequestView, from peer: HTTPPeer, _ writer: inout HTTPResponseWriter
    ) {
        guard let isTrusted = trusts(request, from: peer, &writer) else { return }
        let (problems, isDraining) = services.readiness
        let state = decider.plane.state
        writer.start(problems.isEmpty && !isDraining ? .ok : .serviceUnavailable)
        writer.field("Cache-Control", literal: "no-store")
        writer.finish { json in
            json.object { json in
                json.member("ready", problems.isEmpty && !isDraining)
                json.member("stopping", isDraining)
                guard isTrusted else { return }
                json.member("policy", state.policy.version.description)
                json.member("policyName", state.policy.name)
                json.member("tenants", Int64(state.binding.directory.tenants.count))
                let health = decider.plane.health.view
                json.member("health", state.policy.health == nil ? nil : health.health.name)
                json.member("envelope", health.health.envelope.name)
                json.member(
                    "problems",
                    array: { json in
                        for (part, problem) in problems + services.impairments {
                            json.object { json in
                                json.member("part", part)
                                json.member("problem", problem)
                            }
                        }
                    })
            }
        }
    }

    /// `GET /metrics`, in Prometheus' text format, for trusted callers: the labels tell what the policy is made of, and
    /// the numbers how near it is to its limits.
    func metrics(
        _ request: borrowing HTTPRequestView, from peer: HTTPPeer, _ writer: inout HTTPResponseWriter
    ) {
        guard let isTrusted = trusts(request, from: peer, &writer) else { return }
        guard isTrusted else {
            return writer.problem(
                .forbidden,
                detail: "Metrics are for trusted callers: show a client certificate or send Headgate-Gateway-Token.")
        }
        var text = PrometheusText()
        let policy = decider.plane.state.policy
        text.begin("headgate_policy_info", .gauge, "The policy that decides now.")
        text.sample(
            "headgate_policy_info", [("name", policy.name), ("version", policy.version.description)], "1")
        text.write(decider.plane.metrics.total)
        text.write(decider.plane.experience.contents(policy, at: Clock.monotonic()))
        text.write(decider.plane.nearMisses.total, openDips: decider.plane.nearMisses.dips.openDips)
        decider.plane.abuse.write(&text)
        text.write(decider.plane.health.report(at: Clock.monotonic()))
        services.write(&text)
        writer.answerText(.ok, text.text, contentType: "text/plain; version=0.0.4; charset=utf-8")
    }
    /// `GET /v1/experience`: percentiles of the last minute, ten minutes and hour, for trusted callers, for the same
    /// reasons as metrics.
    func experience(
        _ request: borrowing HTTPRequestView, from peer: HTTPPeer, _ writer: inout HTTPResponseWriter
    ) {
        guard let isTrusted = trusts(request, from: peer, &writer) else { return }
        guard isTrusted else {
            return writer.problem(
                .forbidden,
                detail: "What customers feel is told to trusted callers: show a client certificate or send "
                    + "Headgate-Gateway-Token.")
        }
        let policy = decider.plane.state.policy
        let now = Clock.monotonic()
        let report = ExperienceReport(decider.plane.experience.contents(policy, at: now), policy, at: now)
        writer.start(.ok)
        writer.field("Cache-Control", literal: "no-store")
        writer.finish { $0.value(report) }
    }
}
