internal import Journal

extension PrometheusText {
    /// Writes the numbers of near misses and collisions.
    mutating func write(_ counts: NearMissCounts, openDips: Int) {
        begin(
            "headgate_near_misses_total", .counter,
            "Protected lanes that came closer to their boundary than the policy allows.")
        for (series, count) in counts.misses.sorted(by: { $0.key.sortKey.lexicographicallyPrecedes($1.key.sortKey) }) {
            sample(
                "headgate_near_misses_total",
                [("tier", series.tier), ("class", series.trafficClass), ("level", series.level.name)], "\(count)")
        }
        begin("headgate_collisions_total", .counter, "Classes that were active beside a near miss.")
        for (pair, count) in counts.collisions.sorted(by: {
            ($0.key.trafficClass, $0.key.other) < ($1.key.trafficClass, $1.key.other)
        }) {
            sample(
                "headgate_collisions_total", [("class", pair.trafficClass), ("with", pair.other)], "\(count)")
        }
        single(
            "headgate_near_misses_untracked_total", .counter,
            "Requests of lanes that were too close to their boundary, for whose lanes there was no room.",
            counts.untracked)
        single("headgate_lanes_in_dips", .gauge, "Protected lanes that are close to their boundary now.", openDips)
    }
}

extension NearMissCounts.Series {
    /// What series are sorted by, so that two scrapes list them alike.
    fileprivate var sortKey: [String] { [tier, trafficClass, level.name] }
}
