import Admission
import Vocabulary

/// Measures the engine alone: nanoseconds, allocations and bytes per decision and tenant.
///
/// Each row is the median of several rounds. Without arguments all rows are printed as a table, with `--json` as JSON.
/// `--gate` prints nothing but a verdict on what does not depend on the machine's speed: allocations and bytes.
/// `--scheduler` measures the scheduler instead: events per second with so many requests waiting.
@main
struct AdmissionBenchmark {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        if arguments.contains("--gate") { return try await gate() }
        if arguments.first == "--scheduler" { return scheduler() }
        var rows: [BenchmarkCase.Row] = []
        var reloads: [ReloadCase.Row] = []
        for tenants in [1_000, 100_000, 1_000_000] {
            let world = try BenchmarkWorld(tenants: tenants)
            for kind in [BenchmarkCase.Kind.random, .hot, .refused] {
                for threads in kind == .hot && tenants > 1_000 ? [] : [1, 2] {
                    rows.append(await measure(kind, world, threads))
                }
            }
            if tenants > 1_000 { reloads.append(try await ReloadCase.measure(in: world)) }
            if tenants <= 100_000 {
                rows.append(await measure(.named, try BenchmarkWorld(tenants: tenants, isNamed: true), 1))
            }
        }
        print(arguments.contains("--json") ? Report.json(rows, reloads) : Report.table(rows, reloads))
    }

    private static func measure(
        _ kind: BenchmarkCase.Kind, _ world: BenchmarkWorld, _ threads: Int
    ) async -> BenchmarkCase.Row {
        await BenchmarkCase(kind: kind, tenants: world.tenants, threads: threads).measure(
            in: world, decisions: 500_000, rounds: 5)
    }

    private static func gate() async throws {
        let world = try BenchmarkWorld(tenants: 100_000)
        var worst = (allocations: 0.0, bytes: 0)
        for kind in [BenchmarkCase.Kind.random, .hot, .refused] {
            let row = await BenchmarkCase(kind: kind, tenants: world.tenants, threads: 1).measure(
                in: world, decisions: 20_000, rounds: 1)
            worst = (max(worst.allocations, row.allocations), max(worst.bytes, row.bytes))
        }
        print("allocations per decision: \(worst.allocations); bytes per tenant with five classes: \(worst.bytes)")
        guard worst.allocations == 0, worst.bytes <= 450 else { throw Failure.gate }
        let row = SchedulerCase.measure(depth: 100_000, events: 200_000, rounds: 1)
        print("allocations per event of the scheduler: \(row.allocations); bytes per request: \(row.bytes)")
        guard row.allocations == 0, row.bytes <= 150 else { throw Failure.gate }
    }

    private static func scheduler() {
        print(
            SchedulerCase.table(
                [1_000, 100_000].map { SchedulerCase.measure(depth: $0, events: 2_000_000, rounds: 5) }))
    }

    enum Failure: Error { case gate, policy }
}
