import Admission
import Vocabulary

/// How long single decisions take while another thread applies a snapshot to which every tenant must be carried over.
enum ReloadCase {
    /// What was measured, in nanoseconds.
    struct Row: Sendable {
        var tenants: Int
        var median: Int
        var permille999: Int
        var longest: Int
        var reloadMilliseconds: Int
    }

    /// Decides until the snapshot has been applied.
    static func measure(in world: BenchmarkWorld) async throws -> Row {
        let snapshot = try BenchmarkWorld.snapshot(tenantBurst: 90_000_000)
        let wall = WallTime(milliseconds: 1_795_000_000_000)
        let moment = Moment(monotonic: Nanoseconds(1_000_000_000), wall: wall)
        return await withTaskGroup(of: Int?.self) { group in
            let clock = ContinuousClock()
            let begin = clock.now
            group.addTask {
                world.engine.apply(snapshot, at: moment)
                return Int((clock.now - begin) / .milliseconds(1))
            }
            var times: [Int] = []
            var verdict = Verdict()
            times.reserveCapacity(1 << 24)
            var random: UInt64 = 88_172_645_463_325_252
            var last = clock.now
            while times.count < 1 << 23, times.count < 100_000 || last - begin < .seconds(6) {
                random ^= random << 13
                random ^= random >> 7
                random ^= random << 17
                let index = Int(truncatingIfNeeded: random.multipliedFullWidth(by: UInt64(world.tenants)).high)
                world.decide(
                    BenchmarkWorld.key(index), at: 1_000_000_000 + Int64(times.count) * BenchmarkCase.step, cost: 1,
                    trafficClass: 0, with: world.engine.blueprint, into: &verdict)
                let now = clock.now
                times.append(Int((now - last) / .nanoseconds(1)))
                last = now
            }
            let reload = await group.next() ?? nil
            times.sort()
            return Row(
                tenants: world.tenants, median: times[times.count / 2], permille999: times[times.count * 999 / 1_000],
                longest: times[times.count - 1], reloadMilliseconds: reload ?? 0)
        }
    }
}
