internal import Vocabulary

extension PrometheusText {
    /// Writes what customers have felt since the start.
    mutating func write(_ log: ExperienceLog) {
        let series = log.series.sorted { $0.key < $1.key }
        begin(
            "headgate_request_duration_seconds", .histogram,
            "From reading a request to the last byte of its answer, of requests that were let through.")
        for (key, record) in series { histogram("headgate_request_duration_seconds", key, record.endToEnd) }
        begin("headgate_queue_wait_seconds", .histogram, "How long requests were held for a seat.")
        for (key, record) in series { histogram("headgate_queue_wait_seconds", key, record.wait) }
        begin("headgate_upstream_duration_seconds", .histogram, "How long the upstream took to answer.")
        for (key, record) in series { histogram("headgate_upstream_duration_seconds", key, record.upstream) }
        single(
            "headgate_experience_overflow_total", .counter,
            "Requests whose latencies could not be counted by label because there were too many series.", log.overflow)
        writePromises(log.promises)
    }

    private mutating func writePromises(_ promises: PromiseWatch) {
        let standings = promises.standings.sorted { $0.key < $1.key }
        begin("headgate_promise_broken", .gauge, "Whether a tier breaks the latency that the policy promises for it.")
        for (promise, standing) in standings {
            sample("headgate_promise_broken", promise.labels, standing.isBroken ? "1" : "0")
        }
        begin("headgate_promises_broken_total", .counter, "How often a promise was broken after it had been kept.")
        for (promise, standing) in standings {
            sample("headgate_promises_broken_total", promise.labels, "\(standing.brokenCount)")
        }
    }

    private mutating func histogram(_ name: String, _ series: ExperienceSeries, _ record: LatencyRecord) {
        let labels = [("tier", series.tier), ("class", series.trafficClass), ("operation", series.operation)]
        var cumulative: UInt64 = 0
        for (index, number) in record.numbers.enumerated() {
            cumulative += number
            let bound =
                index < ExperienceLog.bounds.count ? PrometheusText.seconds(ExperienceLog.bounds[index]) : "+Inf"
            sample("\(name)_bucket", labels + [("le", bound)], "\(cumulative)")
        }
        sample("\(name)_sum", labels, PrometheusText.seconds(Int64(clamping: record.sum)))
        sample("\(name)_count", labels, "\(cumulative)")
    }
}

extension PromiseWatch.Promise {
    /// What the promise's samples are told apart by.
    fileprivate var labels: [(String, String)] {
        [("tier", tier), ("percentile", "p\(permille / 10)" + (permille % 10 == 0 ? "" : ".\(permille % 10)"))]
    }
}
