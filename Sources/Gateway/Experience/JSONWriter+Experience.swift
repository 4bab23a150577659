extension JSONWriter {
    /// Writes a report of what customers have felt.
    mutating func value(_ report: ExperienceReport) {
        object { json in
            json.member("unit", literal: "us")
            json.member(
                "windows",
                array: { json in
                    for window in report.windows { json.value(window) }
                })
        }
    }

    private mutating func value(_ window: ExperienceReport.Window) {
        object { json in
            json.member("window", window.window)
            json.member(
                "tiers",
                array: { json in
                    for tier in window.tiers { json.value(tier) }
                })
        }
    }

    private mutating func value(_ tier: ExperienceReport.TierReport) {
        object { json in
            json.member("tier", tier.tier)
            json.member("latencies", tier.latencies)
            json.member(
                "promises",
                array: { json in
                    for promise in tier.promises { json.value(promise) }
                })
            json.member(
                "series",
                array: { json in
                    for series in tier.series {
                        json.object { json in
                            json.member("class", series.trafficClass)
                            json.member("operation", series.operation)
                            json.member("latencies", series.latencies)
                        }
                    }
                })
        }
    }

    private mutating func value(_ promise: ExperienceReport.Promise) {
        object { json in
            json.member("percentile", promise.percentile)
            json.member("below", promise.below)
            json.member("measured", promise.measured)
            json.name("kept")
            if let isKept = promise.isKept { json.value(isKept) } else { json.null() }
        }
    }

    private mutating func member(_ name: StaticString, _ latencies: ExperienceReport.Latencies) {
        member(
            name,
            object: { json in
                json.member("endToEnd", latencies.endToEnd)
                json.member("queueWait", latencies.queueWait)
                json.member("upstream", latencies.upstream)
            })
    }

    private mutating func member(_ name: StaticString, _ figures: ExperienceReport.Figures) {
        member(
            name,
            object: { json in
                json.member("count", figures.count)
                json.member("mean", figures.mean)
                json.member("p50", figures.p50)
                json.member("p90", figures.p90)
                json.member("p95", figures.p95)
                json.member("p99", figures.p99)
                json.member("p99.9", figures.p999)
                json.member("max", figures.max)
            })
    }
}
