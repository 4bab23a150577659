import Admission
import Testing
import Vocabulary

@Suite struct `the concurrency ceiling` {
    @Test func `study`() {
        for trace in CeilingTrace.all {
            func row(_ name: String, _ outcome: UpstreamWorld.Outcome) {
                print(
                    "| \(trace.name) | \(name) | \((outcome.goodput * 1000).rounded() / 10) | "
                        + "\((outcome.latency50 * 10).rounded() / 10) | \((outcome.latency99 * 10).rounded() / 10) | "
                        + "\(outcome.limitLast) | \(outcome.limitMax) |")
            }
            row("fixed, 200", UpstreamWorld.run(trace, FixedCeiling(limit: 200), seed: 1))
            row("gradient", UpstreamWorld.run(trace, GradientCeiling(), seed: 1))
            row("vegas", UpstreamWorld.run(trace, VegasCeiling(), seed: 1))
            row("step, 20 ms", UpstreamWorld.run(trace, StepCeiling(latencyMax: 20), seed: 1))
            row("probed", UpstreamWorld.run(trace, ProbedCeiling(), seed: 1))
        }
    }
}
