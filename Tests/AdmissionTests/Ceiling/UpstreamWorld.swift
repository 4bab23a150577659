import Admission
import AdmissionTestSupport
import Vocabulary

/// An algorithm that sets a limit by what it sees of requests that have ended.
protocol CeilingAlgorithm {
    var limit: Int { get }
    mutating func note(latency: Double, inFlight: Int, at now: Double)
}

/// What happens to an upstream, and how much is asked of it; times in milliseconds.
struct CeilingTrace: Sendable {
    var name: String
    var seconds: Double = 60
    /// Requests per second.
    var load: @Sendable (Double) -> Double
    /// The mean service time of one worker.
    var service: @Sendable (Double) -> Double
    var workers: @Sendable (Double) -> Int

    /// The traces that a ceiling must survive.
    ///
    /// 16 workers of 10 ms do 1,600 requests per second.
    static let all = [
        CeilingTrace(
            name: "step overload", load: { $0 < 20_000 ? 800 : 8_000 }, service: { _ in 10 }, workers: { _ in 16 }),
        CeilingTrace(
            name: "slow upstream", load: { _ in 2_400 }, service: { $0 < 20_000 ? 10 : 30 }, workers: { _ in 16 }),
        CeilingTrace(
            name: "latency spike", load: { _ in 2_400 }, service: { (20_000..<22_000).contains($0) ? 100 : 10 },
            workers: { _ in 16 }),
        CeilingTrace(
            name: "gradual creep", load: { 800 + $0 / 60_000 * 2_400 }, service: { 10 + $0 / 60_000 * 6 },
            workers: { _ in 16 }),
        CeilingTrace(
            name: "flapping", load: { _ in 2_400 }, service: { _ in 10 },
            workers: { Int($0 / 5_000) % 2 == 0 ? 16 : 4 }),
    ]
}

/// One run: Poisson arrivals, a limit, and an upstream.
///
/// Its workers take requests first in, first out, and become less efficient the more they have in hand.
struct UpstreamWorld {
    /// What came of it, from five seconds on.
    struct Outcome {
        /// Of what the upstream could have done for what was asked.
        var goodput = 0.0
        /// Times the mean service time of the moment.
        var latency50 = 0.0
        var latency99 = 0.0
        /// In the last five seconds.
        var limitLast = 0
        var limitMax = 0
    }

    private static let warmUp = 5_000.0

    static func run(_ trace: CeilingTrace, _ algorithm: some CeilingAlgorithm, seed: UInt64) -> Outcome {
        var random = SeededGenerator(seed: seed)
        func exponential(_ mean: Double) -> Double { -mean * Double.random(in: 1e-9..<1, using: &random).logarithm }
        var algorithm = algorithm
        var free = [Double](repeating: 0, count: 16)
        var running: [(end: Double, arrival: Double)] = []
        var (now, done, possible) = (0.0, 0, 0.0)
        var slowdowns: [Double] = []
        var outcome = Outcome()
        while now < trace.seconds * 1_000 {
            let gap = exponential(1_000 / trace.load(now))
            now += gap
            let workers = trace.workers(now)
            if now > warmUp {
                possible += gap / 1_000 * min(trace.load(now), Double(workers) * 1_000 / trace.service(now))
            }
            while let first = running.last, first.end <= now {
                algorithm.note(latency: first.end - first.arrival, inFlight: running.count, at: first.end)
                running.removeLast()
                guard first.end > warmUp else { continue }
                done += 1
                slowdowns.append((first.end - first.arrival) / trace.service(first.end))
            }
            if now > warmUp { outcome.limitMax = max(outcome.limitMax, algorithm.limit) }
            guard running.count < algorithm.limit else { continue }
            let worker = (0..<workers).min { free[$0] < free[$1] } ?? 0
            // Half a per cent for each request beyond what there are workers: threads, locks, caches.
            let contention = 1 + 0.005 * Double(max(0, running.count - workers))
            // Half of the service is the same for all, half is chance.
            let service = trace.service(now) * contention
            free[worker] = max(now, free[worker]) + service / 2 + exponential(service / 2)
            // The next to end stands last; most that come end last of all.
            let later = running.firstIndex { $0.end < free[worker] } ?? running.count
            running.insert((free[worker], now), at: later)
        }
        slowdowns.sort()
        outcome.goodput = Double(done) / possible
        outcome.latency50 = slowdowns[slowdowns.count / 2]
        outcome.latency99 = slowdowns[slowdowns.count * 99 / 100]
        outcome.limitLast = algorithm.limit
        return outcome
    }
}

extension Double {
    /// The natural logarithm of a number between 0 and 1, without the C library: a series around 1 after halving.
    var logarithm: Double {
        let power = Double(exponent)
        let fraction = (significand - 1) / (significand + 1)
        let square = fraction * fraction
        var (sum, term) = (0.0, fraction)
        for index in stride(from: 1.0, through: 21, by: 2) {
            sum += term / index
            term *= square
        }
        return 2 * sum + power * 0.693_147_180_559_945_3
    }
}
