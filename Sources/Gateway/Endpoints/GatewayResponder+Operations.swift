internal import Directory
internal import Policy
internal import Vocabulary

/// What operators and their tools ask.
extension GatewayResponder {
    /// Answers `GET /readyz`.
    ///
    /// 200 while the server decides by what its files say; 503 with the reasons while it does not, or is stopping. A
    /// bad file on disk changes nothing about the decisions, but somebody should know.
    func readiness(_ writer: inout HTTPResponseWriter) {
        let (problems, isDraining) = services.readiness
        let state = decider.plane.state
        writer.start(problems.isEmpty && !isDraining ? .ok : .serviceUnavailable)
        writer.field("Cache-Control", literal: "no-store")
        writer.finish { json in
            json.object { json in
                json.member("ready", problems.isEmpty && !isDraining)
                json.member("stopping", isDraining)
                json.member("policy", state.policy.version.description)
                json.member("policyName", state.policy.name)
                json.member("tenants", Int64(state.binding.directory.tenants.count))
                json.member(
                    "problems",
                    array: { json in
                        for (part, problem) in problems {
                            json.object { json in
                                json.member("part", part)
                                json.member("problem", problem)
                            }
                        }
                    })
            }
        }
    }

    /// `GET /metrics`, in Prometheus' text format.
    func metrics(_ writer: inout HTTPResponseWriter) {
        var text = PrometheusText()
        let policy = decider.plane.state.policy
        text.begin("headgate_policy_info", .gauge, "The policy that decides now.")
        text.sample(
            "headgate_policy_info", [("name", policy.name), ("version", policy.version.description)], "1")
        text.write(decider.plane.metrics.total)
        services.write(&text)
        writer.answerText(.ok, text.text, contentType: "text/plain; version=0.0.4; charset=utf-8")
    }
}
