import Admission
import AllocationCounter

/// How many events the scheduler takes, and what they cost.
enum SchedulerCase {
    /// What was measured.
    struct Row: Sendable {
        var depth: Int
        var nanoseconds: Double
        var allocations: Double
        /// All memory of the scheduler, tenants' queues included, for each request that waits.
        var bytes: Int
    }

    /// Measures several rounds after one that warms up, and keeps the median.
    static func measure(depth: Int, events: Int, rounds: Int) -> Row {
        var world = SchedulerWorld(depth: depth)
        var times: [Double] = []
        var allocations: UInt = 0
        times.reserveCapacity(rounds)
        for round in 0...rounds {
            let before = headgate_allocation_count()
            let clock = ContinuousClock()
            let begin = clock.now
            world.run(events: events)
            let elapsed = (clock.now - begin) / .nanoseconds(1)
            let count = headgate_allocation_count() - before
            guard round > 0 else { continue }
            times.append(elapsed / Double(events))
            allocations = max(allocations, UInt(count))
        }
        precondition(world.scheduler.staleCount <= rounds * events, "\(world.scheduler.staleCount) stale tickets")
        return Row(
            depth: depth, nanoseconds: times.sorted()[times.count / 2],
            allocations: Double(allocations) / Double(events), bytes: world.scheduler.byteCount / depth)
    }

    /// A table in Markdown.
    static func table(_ rows: [Row]) -> String {
        let lines =
            [
                "| requests that wait | ns per event | million events per second | allocations | bytes per request |",
                "|--:|--:|--:|--:|--:|",
            ]
            + rows.map { row in
                let speed = (100_000 / row.nanoseconds).rounded() / 100
                return "| \(row.depth) | \(Int(row.nanoseconds.rounded())) | \(speed) | \(row.allocations) "
                    + "| \(row.bytes) |"
            }
        return lines.joined(separator: "\n")
    }
}
