internal import Vocabulary

extension PrometheusText {
    /// Writes how the system behind is.
    mutating func write(_ report: HealthMonitor.Report) {
        begin("headgate_health", .gauge, "How the system behind is: 1 for the one that counts now.")
        for health in Health.allCases {
            sample("headgate_health", [("health", health.name)], health == report.health ? "1" : "0")
        }
        begin("headgate_envelope", .gauge, "Which ceiling of envelopes holds: 1 for the highest that may.")
        for envelope in Envelope.allCases {
            let isPresent = envelope == (report.health?.envelope ?? .baseline)
            sample("headgate_envelope", [("envelope", envelope.name)], isPresent ? "1" : "0")
        }
        begin("headgate_health_signal", .gauge, "What a signal says: 0 spare, 1 steady, 2 stressed, 3 overloaded.")
        for cause in report.causes {
            sample("headgate_health_signal", [("signal", cause.name)], "\(cause.health.rawValue)")
        }
        single("headgate_health_changes_total", .counter, "How often the health has changed.", report.changeCount)
        single(
            "headgate_tenants_held", .gauge,
            "Tenants for whom only the baseline holds because too many of their requests fail.", report.heldTenants)
        single(
            "headgate_tenants_held_total", .counter, "How often a tenant was held to the baseline.", report.heldCount)
    }
}
