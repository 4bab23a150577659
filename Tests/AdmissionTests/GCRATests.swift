import Admission
import AdmissionTestSupport
import Policy
import Testing
import Vocabulary

/// The rate of one budget, against the definition of conformance.
///
/// Over every interval that starts at an admitted request and ends now, the admitted cost is at most burst + rate ×
/// length. That definition knows no buckets.
struct ConformanceOracle {
    let amount: Int128
    let period: Int128
    let burst: Int128
    private(set) var admitted: [(time: Int64, cost: Int64)] = []

    init(rate: Rate, burst: Int64) {
        amount = Int128(rate.amount)
        period = Int128(rate.period.count)
        self.burst = Int128(burst)
    }

    mutating func decide(cost: Int64, at time: Int64) -> Bool {
        var sum = Int128(cost)
        guard sum <= burst else { return false }
        for earlier in admitted.reversed() {
            sum += Int128(earlier.cost)
            if sum * period > burst * period + amount * Int128(time - earlier.time) { return false }
        }
        admitted.append((time, cost))
        return true
    }
}

@Suite struct `one rate budget` {
    static let rates: [Rate] = [
        .perSecond(300), Rate(amount: 7, period: .seconds(3)), Rate(amount: 100_000, period: .day),
        Rate(amount: 1, period: Nanoseconds(1)), Rate(amount: 3, period: Nanoseconds(7)),
        Rate(amount: 1_000_003, period: .day), Rate(amount: 11, period: Nanoseconds(1_000_000_007)),
    ]

    @Test(arguments: rates, [UInt64](1...6))
    func `admits exactly what the definition of conformance admits`(rate: Rate, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let burst = Int64.random(in: 1...20, using: &random)
        let world = World(tenant: ([rate], burst))
        let subject = try world.engine()
        var oracle = ConformanceOracle(rate: rate, burst: burst)
        let interval = max(1, rate.period.count / rate.amount)
        for step in 0..<400 {
            let stride: Int64 = [0, 1, interval, interval / 2, interval * burst].randomElement(using: &random) ?? 0
            subject.now += stride == 0 ? 0 : Int64.random(in: 0...stride, using: &random)
            let cost = Int64.random(in: 1...max(1, burst), using: &random)
            let expected = oracle.decide(cost: cost, at: subject.now)
            let verdict = subject.decide(cost: cost)
            #expect(verdict.isAdmitted == expected, "seed \(seed), step \(step), \(rate), burst \(burst)")
            if !verdict.isAdmitted {
                try expectAdmittedExactlyAtRetry(verdict, subject, cost: cost) { time in
                    _ = oracle.decide(cost: cost, at: time)
                }
            }
        }
    }

    /// Refused one nanosecond before the promised time, admitted at it.
    private func expectAdmittedExactlyAtRetry(
        _ verdict: Verdict, _ subject: EngineUnderTest, cost: Int64, admitted: (Int64) -> Void
    ) throws {
        let retry = try #require(verdict.retryAfter)
        #expect(retry.count > 0)
        subject.now += retry.count - 1
        #expect(!subject.decide(cost: cost).isAdmitted, "admitted before the promised time")
        subject.now += 1
        #expect(subject.decide(cost: cost).isAdmitted, "refused at the promised time")
        admitted(subject.now)
    }

    @Test(arguments: rates)
    func `a caller that paces itself at exactly the rate is never refused, over simulated years`(rate: Rate) throws {
        // Where the interval is no whole number of nanoseconds, the due times are rounded up and some gaps are a
        // fraction of a nanosecond short; one more in the burst absorbs that for ever, unless something drifts.
        let burst: Int64 = rate.period.count % rate.amount == 0 ? 1 : 2
        let subject = try World(tenant: ([rate], burst)).engine()
        let year: Int64 = 365 * 86_400 * 1_000_000_000
        for start in stride(from: Int64(0), through: 10 * year, by: Int(year)) {
            for request in 0..<2_000 {
                // The instant at which request number n is due: ceil(n × period / amount).
                let due = (Int128(request) * Int128(rate.period.count) + Int128(rate.amount) - 1) / Int128(rate.amount)
                subject.now = start + Int64(due)
                let verdict = subject.decide()
                #expect(verdict.isAdmitted, "request \(request) after \(start / year) years at \(rate)")
            }
        }
    }

    @Test func `a cost above the burst is refused with its own reason and no promise`() throws {
        let subject = try World(tenant: ([.perSecond(10)], 5)).engine()
        let verdict = subject.decide(cost: 6)
        #expect(!verdict.isAdmitted)
        #expect(verdict.reason == .costExceedsBurst)
        #expect(verdict.retryAfter == nil)
        #expect(subject.drain() == 5, "the refusal took nothing")
    }

    @Test func `a clock that stands still or reads backwards refills nothing`() throws {
        let subject = try World(tenant: ([.perSecond(1)], 3)).engine()
        subject.now = 1_000_000_000
        #expect(subject.drain() == 3)
        subject.now = 0
        #expect(subject.drain() == 0)
        subject.now = 1_999_999_999
        #expect(subject.drain() == 0)
        subject.now = 2_000_000_000
        #expect(subject.drain() == 1)
    }

    @Test func `the largest times and costs neither trap nor admit`() throws {
        let subject = try World(tenant: ([Rate(amount: 1, period: .day)], 2)).engine()
        #expect(subject.drain() == 2)
        #expect(!subject.decide(cost: .max).isAdmitted)
        subject.now = .max / 2
        #expect(subject.drain() == 2)
    }
}
