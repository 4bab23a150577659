import NIOEmbedded
import Testing
import Vocabulary

@testable import Gateway

/// What loops count, how it is added up, and how windows move on.
@Suite struct ExperienceTests {
    static let policy = """
        headgate: 1
        name: feel
        owner: tests
        tiers:
          - { name: high, latency: { p50: 10ms, p95: 20ms } }
          - { name: low }
        classes:
          interactive: { tier: high, consequence: time-sensitive, owner: tests }
          batch: { tier: low, consequence: low, owner: tests }
        operations:
          read: { match: "GET /things/{thing}", class: interactive }
          crunch: { match: "POST /crunch", class: batch }
        plans: { only: { tenant: { rate: 1000/s } } }
        """

    private let world: SmallWorld

    init() throws { world = try SmallWorld(ExperienceTests.policy, loops: 3) }

    /// Lets a loop note a request of so many milliseconds.
    private func note(_ milliseconds: Int64, on loop: Int = 0) throws { try note("read", milliseconds, on: loop) }

    private func note(_ operation: String, _ milliseconds: Int64, on loop: Int = 0) throws {
        let decision = try world.decide(operation, at: .zero, on: loop)
        world.deciders[loop].note(
            decision, wait: .milliseconds(milliseconds / 10), upstream: .milliseconds(milliseconds / 2),
            endToEnd: .milliseconds(milliseconds))
    }

    private func report(at now: Nanoseconds) -> ExperienceReport {
        ExperienceReport(world.plane.experience.contents(world.policy, at: now), world.policy, at: now)
    }

    private func count(_ window: Int, _ tier: String = "high", at now: Nanoseconds) -> Int64 {
        report(at: now).windows[window].tiers.first { $0.tier == tier }?.latencies.endToEnd.count ?? 0
    }

    @Test func `loops add up, by tier, class and operation`() throws {
        for loop in 0..<3 { for _ in 0...loop { try note(100, on: loop) } }
        try note("crunch", 4_000, on: 2)
        let report = report(at: .seconds(1))
        #expect(report.windows.map(\.window) == ["1m", "10m", "1h"])
        for window in report.windows {
            #expect(window.tiers.map(\.tier) == ["high", "low"])
            #expect(window.tiers[0].series.map(\.operation) == ["read"])
            #expect(window.tiers[0].series.map(\.trafficClass) == ["interactive"])
            #expect(window.tiers[0].latencies.endToEnd.count == 6)
            #expect(window.tiers[0].latencies.endToEnd.max == 100_000)
            #expect(window.tiers[0].latencies.queueWait.max == 10_000)
            #expect(window.tiers[0].latencies.upstream.max == 50_000)
            #expect(window.tiers[1].latencies.endToEnd.mean == 4_000_000)
        }
    }

    @Test func `a request that was refused after a wait counts for the wait alone`() throws {
        let decision = try world.decide("read", at: .zero)
        world.deciders[0].note(decision, wait: .seconds(2), upstream: nil, endToEnd: nil)
        let tier = report(at: .zero).windows[0].tiers[0]
        #expect(tier.latencies.queueWait.count == 1)
        #expect(tier.latencies.endToEnd.count == 0)
        #expect(tier.latencies.endToEnd.p50 == nil)
        #expect(tier.latencies.upstream.count == 0)
    }

    @Test func `windows forget what is older than they are, slice by slice`() throws {
        // One request in each second of three hours, against a count of the moments themselves.
        var moments: [Int64] = []
        for second in stride(from: Int64(0), to: 10_800, by: 7) {
            try note(5)
            world.plane.experience.collect(world.policy, at: .seconds(second))
            moments.append(second)
        }
        for now in stride(from: Int64(10_800), to: 15_000, by: 311) {
            for window in ExperienceWindow.allCases {
                let slice = window.slice.count / 1_000_000_000
                let oldest = (now / slice - window.sliceCount + 1) * slice
                let expected = moments.count { $0 >= oldest }
                #expect(count(window.rawValue, at: .seconds(now)) == Int64(expected), "\(window.name) at \(now)")
            }
        }
    }

    @Test func `what was counted under an earlier policy is not lost`() throws {
        try note(100)
        try world.apply(
            ExperienceTests.policy.replacing("name: high", with: "name: upper").replacing(
                "tier: high", with: "tier: upper"),
            at: .seconds(1))
        try note(200)
        #expect(count(0, "high", at: .seconds(2)) == 1)
        let log = world.plane.experience.contents(world.plane.state.policy, at: .seconds(2))
        #expect(log.series.keys.map(\.tier).sorted() == ["high", "upper"])
    }

    @Test func `a tally that is given back is empty and goes on`() throws {
        for round in 1...5 as ClosedRange<Int64> {
            try note(100)
            #expect(count(2, at: .seconds(round)) == round)
        }
    }

    @Test func `more operations than there is room for share a series of their tier`() throws {
        var tally = ExperienceTally(world.policy)
        for operation in 0..<1_000 {
            tally.note(
                ExperienceKey(tier: operation % 2, trafficClass: 0, operation: operation), wait: .zero, upstream: nil,
                endToEnd: .milliseconds(1))
        }
        #expect(tally.series.count == ExperienceTally.seriesCountMax + 2)
        let others = tally.series.suffix(2)
        #expect(others.map { $0.key == $0.key.overflowing } == [true, true])
        #expect(tally.series.reduce(0) { $0 + $1.endToEnd.count } == 1_000)
    }

    @Test func `a promise is broken once until it has been kept again, and few requests break none`() throws {
        func standing(_ permille: Int, at now: Nanoseconds) -> PromiseWatch.Standing? {
            let log = world.plane.experience.contents(world.policy, at: now)
            return log.promises.standings[.init(tier: "high", permille: permille)]
        }
        try note(900)
        #expect(standing(500, at: .seconds(10)) == PromiseWatch.Standing())  // one request has no median
        for _ in 0..<19 { try note(15) }
        #expect(standing(500, at: .seconds(20)) == PromiseWatch.Standing(isBroken: true, brokenCount: 1))
        #expect(standing(950, at: .seconds(20)) == PromiseWatch.Standing())  // 19 of 20 took less than 20 ms
        try note(900)
        #expect(standing(500, at: .seconds(30)) == PromiseWatch.Standing(isBroken: true, brokenCount: 1))
        #expect(standing(950, at: .seconds(30)) == PromiseWatch.Standing(isBroken: true, brokenCount: 1))
        for _ in 0..<1_000 { try note(1) }
        #expect(standing(500, at: .seconds(40)) == PromiseWatch.Standing(isBroken: false, brokenCount: 1))
        #expect(standing(950, at: .seconds(40)) == PromiseWatch.Standing(isBroken: false, brokenCount: 1))
        #expect(standing(950, at: .seconds(400)) == PromiseWatch.Standing(isBroken: false, brokenCount: 1))
        for _ in 0..<40 { try note(500) }
        #expect(standing(950, at: .seconds(410)) == PromiseWatch.Standing(isBroken: true, brokenCount: 2))
    }

    @Test func `metrics show histograms that add up, and the promises`() throws {
        for milliseconds in [1, 3, 30, 300, 90_000] as [Int64] { try note(milliseconds) }
        var text = PrometheusText()
        text.write(world.plane.experience.contents(world.policy, at: .seconds(1)))
        let labels = "tier=\"high\",class=\"interactive\",operation=\"read\""
        let name = "headgate_request_duration_seconds"
        for line in [
            "\(name)_bucket{\(labels),le=\"0.000500000\"} 0", "\(name)_bucket{\(labels),le=\"0.001000000\"} 1",
            "\(name)_bucket{\(labels),le=\"0.005000000\"} 2", "\(name)_bucket{\(labels),le=\"0.050000000\"} 3",
            "\(name)_bucket{\(labels),le=\"60.000000000\"} 4", "\(name)_bucket{\(labels),le=\"+Inf\"} 5",
            "\(name)_sum{\(labels)} 90.334000000", "\(name)_count{\(labels)} 5",
            "headgate_queue_wait_seconds_count{\(labels)} 5", "headgate_upstream_duration_seconds_count{\(labels)} 5",
            "headgate_promise_broken{tier=\"high\",percentile=\"p50\"} 1",
            "headgate_promises_broken_total{tier=\"high\",percentile=\"p95\"} 0",
        ] { #expect(text.text.contains(line + "\n"), "\(line) in\n\(text.text)") }
    }
}
