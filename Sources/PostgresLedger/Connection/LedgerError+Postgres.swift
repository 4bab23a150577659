internal import Ledger

extension LedgerError {
    /// Judges a statement's failure by the five letters that PostgreSQL gives it (appendix A).
    init(state: String, complaint: String, at place: String) {
        let said = complaint.split(separator: "\n").first ?? "no further word"
        let cause = "PostgreSQL \(state): \(said)"
        switch state {
        case "53100":
            self.init(
                .noRoom, "the disk of \(place) is full, nothing was appended; make room and try again", cause: cause)
        case "25006", "42501":
            self.init(
                .readOnly,
                "\(place) cannot be written, nothing was appended; it may be a standby, or the user lacks the right",
                cause: cause)
        // Every statement here is fixed: one that lacks a table, a column or a function met a schema that is not ours.
        case "3F000", "42P01", "42703", "42883", "42804":
            self.init(.notALedger, "\(place) is not a ledger of Headgate's, or is damaged", cause: cause)
        case _ where state.hasPrefix("23") || state.hasPrefix("22") || state.hasPrefix("XX"):
            self.init(.damaged, "\(place) is damaged; restore it from a copy", cause: cause)
        default: self.init(.unavailable, "\(place) cannot be used now", cause: cause)
        }
    }

    /// A server that cannot be reached, or no longer can.
    init(unreachable place: String, complaint: String) {
        let cause = complaint.split(separator: "\n").joined(separator: "; ")
        self.init(.unavailable, "\(place) cannot be reached", cause: cause.isEmpty ? nil : cause)
    }
}
