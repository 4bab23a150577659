internal import Vocabulary

extension SeatLeases {
    /// Writes who holds seats and who waits.
    package func write(to text: inout PrometheusText) {
        let seats = gate.counts
        text.single("headgate_seats_limit", .gauge, "How many requests may run at once.", seats.limit)
        text.begin("headgate_seats_in_use", .gauge, "Seats in use, by tier.")
        for tier in seats.tiers { text.sample("headgate_seats_in_use", [("tier", tier.name)], "\(tier.inUse)") }
        text.begin("headgate_seats_waiting", .gauge, "Requests that wait for seats, by tier.")
        for tier in seats.tiers { text.sample("headgate_seats_waiting", [("tier", tier.name)], "\(tier.waiting)") }
        text.begin(
            "headgate_seats_let_in", .gauge,
            "How much of a tier the admission threshold lets in beyond its reserve: 1 is everything.")
        for tier in seats.tiers {
            let share = Double(tier.letInBasisPoints) / 10_000
            text.sample("headgate_seats_let_in", [("tier", tier.name)], "\(share)")
        }
        text.begin("headgate_seats_refused_total", .counter, "Requests that were refused seats, by tier and reason.")
        for tier in seats.tiers {
            for (reason, count) in zip(SeatCounts.reasons, tier.refused) {
                text.sample("headgate_seats_refused_total", [("tier", tier.name), ("reason", reason.code)], "\(count)")
            }
        }
        let (open, expired) = self.counts
        text.single("headgate_leases_open", .gauge, "Admissions whose seats are held.", open)
        text.single(
            "headgate_leases_expired_total", .counter, "Admissions whose lease ran out before anybody ended them.",
            expired)
    }
}
