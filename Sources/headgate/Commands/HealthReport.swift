/// The answer of `GET /v1/health`.
struct HealthReport: Decodable {
    /// What counts now; `nil`: the policy does not ask.
    let health: String?
    /// Which ceiling of envelopes holds.
    let envelope: String
    /// What says so.
    let signals: [Signal]
    /// For how many tenants only the lowest ceiling holds.
    let tenantsHeld: Int

    /// One signal.
    struct Signal: Decodable {
        /// Its name.
        let name: String
        /// What it says.
        let health: String
        /// The number that was told.
        let number: Int64?
        /// The word that was told.
        let state: String?
        /// For how many milliseconds more.
        let leftMs: Int64?
    }

    /// Lines for people.
    var text: String {
        guard let health else { return "the policy does not ask about health: the ceiling baseline holds\n" }
        var lines = ["\(health): the ceiling \(envelope) holds"]
        if tenantsHeld > 0 { lines[0] += ", for \(tenantsHeld) tenants only baseline" }
        for signal in signals {
            let told = signal.number.map { "\($0)" } ?? signal.state
            let left = signal.leftMs.map { ", for \(($0 + 999) / 1_000) s more" } ?? ""
            lines.append("  \(signal.name)  \(signal.health)" + (told.map { "  (told: \($0)\(left))" } ?? ""))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
