import Testing

@testable import Gateway

/// What `headgate experience` prints.
@Suite struct ExperienceTableTests {
    private static func figures(_ values: [Int64]) -> ExperienceReport.Figures {
        .init(
            count: 1_204, mean: 2_000, p50: values[0], p90: values[1], p95: values[2], p99: values[3], p999: values[4],
            max: values[5])
    }

    private static let window = ExperienceReport.Window(
        window: "10m",
        tiers: [
            .init(
                tier: "critical",
                latencies: .init(
                    endToEnd: figures([1_200, 3_400, 4_100, 12_000, 18_000, 21_000]),
                    queueWait: figures([0, 0, 0, 1_000, 2_000, 3_000]), upstream: .init(count: 0)),
                promises: [
                    .init(percentile: "p95", below: 50_000, measured: 4_100, isKept: true),
                    .init(percentile: "p99", below: 10_000, measured: 12_000, isKept: false),
                    .init(percentile: "p99.9", below: 100_000, measured: 18_000, isKept: nil),
                ],
                series: [
                    .init(
                        trafficClass: "interactive", operation: "a-name-that-is-too-long-for-it",
                        latencies: .init(
                            endToEnd: figures([870, 999_999, 4_100_000, 12_000_000, 1_800_000_000, 3_600_000_000]),
                            queueWait: .init(count: 0), upstream: .init(count: 0)))
                ]),
            .init(
                tier: "business\u{1B}[2J",
                latencies: .init(endToEnd: .init(count: 0), queueWait: .init(count: 0), upstream: .init(count: 0)),
                promises: [.init(percentile: "p50", below: 9_000, measured: nil, isKept: nil)], series: []),
        ])

    @Test func `the table says who waited how long, and which promise is broken`() {
        let lines = ExperienceTable(window: ExperienceTableTests.window, kind: .endToEnd).text.split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines.prefix(9).map(String.init) == [
                "From a request to the end of its answer, last 10m", "",
                "TIER         CLASS        OPERATION               COUNT     P50     P90     P95     P99   P99.9     MAX",
                "critical                                           1204  1.2 ms  3.4 ms  4.1 ms   12 ms   18 ms   21 ms",
                "             interactive  a-name-that-is-too-…     1204  870 µs  999 ms   4.1 s    12 s  1800 s  3600 s",
                "  promised p95 below 50 ms: kept, 4.1 ms", "  promised p99 below 10 ms: BROKEN, 12 ms",
                "  promised p99.9 below 100 ms: 18 ms, of too few requests to tell",
                "business[2J                                           0       -       -       -       -       -       -",
            ])
        #expect(lines.allSatisfy { $0.count <= 104 && !$0.unicodeScalars.contains("\u{1B}") })
    }

    @Test func `the curves stand on a logarithmic axis`() {
        let lines = ExperienceTable(window: ExperienceTableTests.window, kind: .endToEnd).text.split(separator: "\n")
            .suffix(4).map(String.init)
        #expect(
            lines == [
                "             1.0 ms     10 ms      100 ms     ",
                "             ├──────────┼──────────┼──────────",
                "critical     ██████▓▒▒▒▒◆░░│   ◆   ◆",
                "             █ p50 to p90  ▓ to p95  ▒ to p99  ░ to p99.9  │ longest  ◆ promised",
            ])
    }

    @Test func `without measurements the promises are told alone`() {
        let text = ExperienceTable(window: ExperienceTableTests.window, kind: .upstream).text
        #expect(text.hasPrefix("Waiting for the upstream, last 10m\n\nNothing was measured.\n"))
    }

    @Test func `columns of a decade are evenly spaced powers`() {
        #expect(LatencyPlot.column(1_000, from: 3) == 0)
        #expect(LatencyPlot.column(1_232, from: 3) == 0)
        #expect(LatencyPlot.column(1_233, from: 3) == 1)
        #expect(LatencyPlot.column(9_999, from: 3) == 10)
        #expect(LatencyPlot.column(10_000, from: 3) == 11)
        #expect(LatencyPlot.column(5, from: 3) == 0)
    }
}
