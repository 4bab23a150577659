import Admission
import AllocationCounter
import Vocabulary

/// One row of the table: what is decided, for how many tenants, on how many threads.
struct BenchmarkCase: Sendable {
    /// Which decisions are made.
    enum Kind: String, Sendable, CaseIterable {
        case random = "admitted, random tenants"
        case hot = "admitted, one hot tenant"
        case refused = "refused, random tenants"
        case named = "admitted, random tenants by name"
    }

    var kind: Kind
    var tenants: Int
    var threads: Int

    /// What was measured.
    struct Row: Sendable {
        var name: String
        var tenants: Int
        var threads: Int
        /// Of the clock on the wall, for each decision of all threads.
        var nanoseconds: Double
        var allocations: Double
        var bytes: Int
    }

    /// The clock of the decisions, in which one follows another after this many nanoseconds.
    static let step: Int64 = 250

    /// Makes decisions one after another.
    ///
    /// - Returns: how many were admitted.
    @inline(never)
    func run(in world: BenchmarkWorld, decisions: Int, from start: Int64, seed: UInt64) -> Int {
        let blueprint = world.engine.blueprint
        var random = seed
        var now = start
        var admitted = 0
        var verdict = Verdict()
        for _ in 0..<decisions {
            random ^= random << 13
            random ^= random >> 7
            random ^= random << 17
            let index = kind == .hot ? 0 : Int(truncatingIfNeeded: random.multipliedFullWidth(by: UInt64(tenants)).high)
            now += BenchmarkCase.step
            let key = kind == .named ? world.named(index) : BenchmarkWorld.key(index)
            world.decide(
                key, at: now, cost: kind == .refused ? 45 : 1,
                trafficClass: kind == .refused ? 4 : Int(truncatingIfNeeded: random >> 7 & 3), with: blueprint,
                into: &verdict)
            if verdict.isAdmitted { admitted += 1 }
        }
        return admitted
    }

    /// Measures several rounds after one that warms up, and keeps the median.
    func measure(in world: BenchmarkWorld, decisions: Int, rounds: Int) async -> Row {
        var times: [Double] = []
        var allocations = 0.0
        var now: Int64 = 0
        for round in 0...rounds {
            let before = headgate_allocation_count()
            let clock = ContinuousClock()
            let begin = clock.now
            let start = now
            let admitted =
                threads == 1
                ? run(in: world, decisions: decisions, from: start, seed: 88_172_645_463_325_252)
                : await runTogether(in: world, decisions: decisions, from: start)
            let elapsed = (clock.now - begin) / .nanoseconds(1)
            let count = headgate_allocation_count() - before
            now += Int64(decisions) * BenchmarkCase.step
            let total = decisions * threads
            precondition(admitted == (kind == .refused ? 0 : total), "\(admitted) of \(total) admitted")
            guard round > 0 else { continue }
            times.append(elapsed / Double(total))
            if threads == 1 { allocations = max(allocations, Double(count) / Double(total)) }
        }
        return Row(
            name: kind.rawValue, tenants: tenants, threads: threads, nanoseconds: times.sorted()[times.count / 2],
            allocations: allocations, bytes: world.engine.byteCount / world.engine.tenantCount)
    }

    private func runTogether(in world: BenchmarkWorld, decisions: Int, from start: Int64) async -> Int {
        await withTaskGroup(of: Int.self) { group in
            for thread in 0..<threads {
                group.addTask {
                    run(in: world, decisions: decisions, from: start, seed: 88_172_645_463_325_252 &+ UInt64(thread))
                }
            }
            return await group.reduce(0, +)
        }
    }
}
