import Admission
import Foundation
import Journal
import Policy
import Vocabulary

/// Measures what saving use costs beside requests, and how long putting it back takes.
///
/// `usage-benchmark TENANTS CHANGES SECONDS`: of so many tenants with a month's quota, so many have changed whenever
/// the store asks. Prints the processor time of collecting, encoding and writing per tenant that changed, and then
/// what restoring all of them takes.
@main
struct UsageBenchmark {
    static func main() throws {
        let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        guard numbers.count == 3 else { throw Failure.usage }
        let folder = NSTemporaryDirectory() + "/headgate-usage-benchmark-\(ProcessInfo.processInfo.processIdentifier)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let tenants = try Tenants(count: numbers[0])
        try save(tenants, changes: numbers[1], seconds: numbers[2], in: folder)
        try restore(tenants, from: folder)
    }

    enum Failure: Error { case usage, snapshot }

    private static func archive(_ folder: String) throws -> Archive {
        try Archive(path: folder, settings: JournalSettings(), clock: { now }, notify: { print($0.message) })
    }

    /// Both clocks.
    static var now: Moment {
        Moment(
            monotonic: Nanoseconds(Int64(clamping: nanoseconds(of: CLOCK_MONOTONIC))),
            wall: WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)))
    }

    private static func save(_ tenants: Tenants, changes: Int, seconds: Int, in folder: String) throws {
        let collector = DurableCollector(tenants.engine)
        _ = collector.collect(at: now)
        let archive = try archive(folder)
        let spent = Spent()
        for _ in 0..<2 {  // all of them once, so that the file has its full size
            tenants.change(tenants.keys.count)
            archive.usage.attach { collector.collect(at: $0) }
            Thread.sleep(forTimeInterval: 1)
        }
        archive.usage.attach { moment in
            let start = nanoseconds(of: CLOCK_THREAD_CPUTIME_ID)
            tenants.change(changes)
            spent.deciding += nanoseconds(of: CLOCK_THREAD_CPUTIME_ID) - start
            let batch = collector.collect(at: moment)
            spent.collecting += nanoseconds(of: CLOCK_THREAD_CPUTIME_ID) - start
            spent.changed += batch.rows.count
            spent.commits += 1
            return batch
        }
        let start = nanoseconds(of: CLOCK_PROCESS_CPUTIME_ID)
        Thread.sleep(forTimeInterval: TimeInterval(seconds))
        let total = nanoseconds(of: CLOCK_PROCESS_CPUTIME_ID) - start - spent.deciding
        let changed = max(1, spent.changed)
        print(
            "\(spent.changed) changes in \(spent.commits) commits: \(total / UInt64(changed)) ns of CPU each, of which")
        print("\((spent.collecting - spent.deciding) / UInt64(changed)) ns for collecting")
        archive.usage.markCleanShutdown()
        archive.close()
        let size = try FileManager.default.attributesOfItem(atPath: folder + "/usage.sqlite")[.size] as? Int ?? 0
        print("the file has \(size >> 10) KiB")
    }

    private static func restore(_ tenants: Tenants, from folder: String) throws {
        let archive = try archive(folder)
        let engine = try Tenants.engine()
        let clock = ContinuousClock()
        let start = clock.now
        var plans: [TenantKey: Int] = [:]
        plans.reserveCapacity(tenants.keys.count)
        for key in tenants.keys { plans[key] = 0 }
        var count = 0
        try archive.usage.load(at: now.wall) { batch in
            count += engine.restore(batch, at: now) { plans[$0.tenant] }
        }
        print("\(count) tenants are restored in \((clock.now - start) / .milliseconds(1)) ms")
        archive.close()
    }

    private static func nanoseconds(of id: clockid_t) -> UInt64 {
        var time = timespec()
        // SAFETY: the pointer is used only during the call, which fills the value.
        _ = unsafe clock_gettime(id, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

/// What was counted on the writing thread.
final class Spent: @unchecked Sendable {
    // SAFETY: written by the writing thread alone, and read when it has nothing to write.
    var deciding: UInt64 = 0
    var collecting: UInt64 = 0
    var changed = 0
    var commits = 0
}

/// Tenants with a month's quota and a budget that is full again in a second, in an engine.
final class Tenants: @unchecked Sendable {
    // SAFETY: changed by one thread at a time: first by the main thread, then by the writing thread.
    let engine: AdmissionEngine
    let keys: [TenantKey]
    private var random: UInt64 = 88_172_645_463_325_252

    /// Each has asked once.
    init(count: Int) throws {
        engine = try Tenants.engine()
        let hash = KeyedHash(key: (1, 2))
        keys = (0..<count).map { TenantKey(bits: hash("tenant-\($0)")) }
        for key in keys { decide(key) }
    }

    /// A new engine.
    static func engine() throws -> AdmissionEngine {
        let source = """
            headgate: 1
            name: usage
            owner: benchmark
            tiers: [{ name: everything }]
            defaults: { class: work }
            classes: { work: { tier: everything, consequence: low, owner: benchmark } }
            operations: { act: { match: "POST /v1/acts" } }
            plans: { plan: { tenant: { rate: 1000000/s }, quotas: { requests: 1_000_000_000_000/month } } }
            """
        guard let snapshot = PolicyCompiler.compile([SourceFile(name: "policy.yaml", text: source)]).snapshot else {
            throw UsageBenchmark.Failure.snapshot
        }
        return AdmissionEngine(snapshot: snapshot, at: UsageBenchmark.now.monotonic)
    }

    /// Lets as many tenants ask, at random or, if all are wanted, in turn.
    func change(_ count: Int) {
        for index in 0..<count {
            random ^= random << 13
            random ^= random >> 7
            random ^= random << 17
            decide(keys[count == keys.count ? index : Int(random % UInt64(keys.count))])
        }
    }

    private func decide(_ key: TenantKey) {
        let request = AdmissionRequest(
            tenant: key, plan: 0, operation: 0, trafficClass: 0, tier: 0, region: -1, cost: 1)
        var verdict = Verdict()
        _ = engine.decide(request, with: engine.blueprint, at: UsageBenchmark.now, into: &verdict)
    }
}
