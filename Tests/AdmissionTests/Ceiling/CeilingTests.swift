import Admission
import Testing
import Vocabulary

/// The traces and the algorithms of docs/decisions/0019-adaptive-ceiling.md.
@Suite struct `the concurrency ceiling` {
    /// The worst of so many seeds; the record has three.
    private func worst(
        _ trace: CeilingTrace, _ algorithm: some CeilingAlgorithm, seeds: UInt64
    ) -> UpstreamWorld.Outcome {
        (1...seeds).map { UpstreamWorld.run(trace, algorithm, seed: $0) }.reduce(into: .init(goodput: 1)) {
            $0.goodput = min($0.goodput, $1.goodput)
            $0.latency50 = max($0.latency50, $1.latency50)
            $0.latency99 = max($0.latency99, $1.latency99)
            $0.limitMax = max($0.limitMax, $1.limitMax)
        }
    }

    @Test(arguments: CeilingTrace.all)
    func `lets the upstream do nearly all it can, without a queue in it`(trace: CeilingTrace) {
        let outcome = worst(trace, ProbedCeiling(), seeds: 3)
        #expect(outcome.goodput > 0.9, "\(trace.name): \(outcome)")
        #expect(outcome.latency50 < 2.5 && outcome.latency99 < 15, "\(trace.name): \(outcome)")
        #expect(outcome.limitMax < 80, "\(trace.name): \(outcome)")
    }

    @Test func `is never as bad as the others are at their worst`() {
        func least(_ algorithm: some CeilingAlgorithm) -> Double {
            CeilingTrace.all.map { worst($0, algorithm, seeds: 1).goodput }.min() ?? 0
        }
        let ours = least(ProbedCeiling())
        #expect(least(GradientCeiling()) < ours - 0.05)
        #expect(least(VegasCeiling()) < ours - 0.05)
        #expect(least(StepCeiling(latencyMax: 20)) < ours - 0.05)
        #expect(least(FixedCeiling(limit: 200)) < ours - 0.05)
    }

    @Test func `does not creep in ten minutes of overload`() {
        let trace = CeilingTrace(
            name: "long", seconds: 600, load: { _ in 2_400 }, service: { _ in 10 }, workers: { _ in 16 })
        let outcome = UpstreamWorld.run(trace, ProbedCeiling(), seed: 4)
        #expect(outcome.limitMax < 40 && outcome.goodput > 0.95, "\(outcome)")
    }

    @Test func `finds down from a limit that is far too high, although it never saw the upstream without a queue`() {
        let trace = CeilingTrace(
            name: "too high", load: { _ in 8_000 }, service: { _ in 10 }, workers: { _ in 16 })
        let outcome = UpstreamWorld.run(trace, ProbedCeiling(first: 200), seed: 5)
        #expect(outcome.limitLast < 40 && outcome.goodput > 0.7, "\(outcome)")
    }

    @Test func `is not raised while it is not used`() {
        let trace = CeilingTrace(name: "idle", load: { _ in 400 }, service: { _ in 10 }, workers: { _ in 16 })
        #expect(UpstreamWorld.run(trace, ProbedCeiling(), seed: 6).limitMax <= 30)
    }

    @Test func `is lowered by failures whatever their latency, and never below its bound`() {
        var ceiling = ConcurrencyCeiling(.init(limitMin: 3, limitMax: 100, limitFirst: 50), at: .zero)
        var now: Int64 = 0
        for request in 0..<20_000 {
            now += 1_000_000
            _ = ceiling.note(
                latency: Nanoseconds(500_000), inFlight: ceiling.limit, isFailure: request % 5 == 0,
                at: Nanoseconds(now))
            if request == 500 { #expect(ceiling.limit < 30) }
        }
        #expect(ceiling.limit == 3)
    }
}
