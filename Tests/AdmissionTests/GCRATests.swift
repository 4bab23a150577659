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
                try expectAdmittedExactlyAtRetry(verdict, subject, &oracle, cost: cost)
            }
        }
    }

    /// Refused one nanosecond before the promised time and admitted at it, by the engine and by the definition.
    private func expectAdmittedExactlyAtRetry(
        _ verdict: Verdict, _ subject: EngineUnderTest, _ oracle: inout ConformanceOracle, cost: Int64
    ) throws {
        let retry = try #require(verdict.retryAfter)
        #expect(retry.count > 0)
        subject.now += retry.count - 1
        let isEarly = oracle.decide(cost: cost, at: subject.now)
        #expect(!isEarly, "the definition admits before the promised time")
        #expect(!subject.decide(cost: cost).isAdmitted, "admitted before the promised time")
        subject.now += 1
        let isDue = oracle.decide(cost: cost, at: subject.now)
        #expect(isDue, "the definition refuses at the promised time")
        #expect(subject.decide(cost: cost).isAdmitted, "refused at the promised time")
    }

    @Test(arguments: rates)
    func `a caller that paces itself at exactly the rate is never refused, over simulated years`(rate: Rate) throws {
        // A year is reached in steps that one can run: each request costs what flows in during an hour, or as much of
        // it as a budget can hold, and empties the budget, so that an error in what flows in is carried on and adds up.
        let hour: Int128 = 3_600 * 1_000_000_000
        let (amount, period) = (Int128(rate.amount), Int128(rate.period.count))
        let cost = max(1, min(amount * hour / period, (1 << 61) / period - 1))
        // Where the interval is no whole number of nanoseconds, the due times are rounded up and some gaps are a
        // fraction of a nanosecond short; one more in the burst absorbs that for ever, unless something drifts.
        let burst = Int64(cost * period % amount == 0 ? cost : cost + 1)
        let subject = try World(tenant: ([rate], burst)).engine()
        for request in 0..<20_000 {
            // The instant at which request number n is due: ceil(n × cost × period / amount).
            subject.now = Int64((Int128(request) * cost * period + amount - 1) / amount)
            #expect(subject.decide(cost: Int64(cost)).isAdmitted, "request \(request) at \(rate)")
            #expect(!subject.decide(cost: 2).isAdmitted, "more than flowed in, after request \(request) at \(rate)")
        }
        let year: Int64 = 365 * 86_400 * 1_000_000_000
        #expect(subject.now > year)
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
