import Policy
import Testing
import Vocabulary

/// Amounts with units: exact, or refused with what to write instead.
struct UnitTextTests {
    @Test(arguments: [
        ("300/s", 300, 1_000_000_000), ("7/3s", 7, 3_000_000_000), ("1000/min", 1_000, 60_000_000_000),
        ("10/h", 10, 3_600_000_000_000), ("100000/day", 100_000, 86_400_000_000_000), ("1/d", 1, 86_400_000_000_000),
        ("5_000/250ms", 5_000, 250_000_000), ("1/24h", 1, 86_400_000_000_000), ("300/1s", 300, 1_000_000_000),
        ("9223372036854775807/ms", Int64.max, 1_000_000),
    ])
    func `rates are read as they are written`(text: String, amount: Int64, period: Int64) throws {
        #expect(try UnitText.rate(text) == Rate(amount: amount, period: Nanoseconds(period)))
    }

    @Test(arguments: [
        "", "/", "/s", "300", "300/", "300/m", "300/week", "300/month", "300/25h", "0/s", "-1/s", "+1/s", "1.5/s",
        "1e3/s", "3/s/s",
        "300/ s", "_1/s", "1_/s", "9223372036854775808/s", "1/9223372036854775807s", "300/0s", "300/us", "٣/s", "300/S",
        "1/-1s", "1/1.5s",
    ])
    func `what is no rate is refused`(text: String) {
        #expect(throws: UnitText.Problem.self) { try UnitText.rate(text) }
    }

    @Test(arguments: [
        ("0.5/s", "write `1/2s`, which is the same"), ("2.50/min", "write `5/2min`, which is the same"),
        ("300 / s", "write `300/s`"), ("300/sec", "write `300/s`"), ("10/hours", "write `10/h`"),
    ])
    func `a near miss is told its exact spelling`(text: String, suggestion: String) {
        #expect { try UnitText.rate(text) } throws: { ($0 as? UnitText.Problem)?.suggestion == suggestion }
    }

    @Test(arguments: [("40 %", "write `40%`"), ("40%%", "write `40%`"), ("0.4", "write `40%`")])
    func `a near miss of a percentage is told its exact spelling`(text: String, suggestion: String) {
        #expect { try UnitText.basisPoints(text) } throws: { ($0 as? UnitText.Problem)?.suggestion == suggestion }
    }

    @Test func `only several units are called several units`() {
        func message(_ text: String) -> String {
            do throws(UnitText.Problem) { return "\(try UnitText.duration(text))" } catch { return error.message }
        }
        #expect(message("1h30m") == "the duration `1h30m` has several units")
        #expect(message("1e3ms") == "the unit `e3ms` is not known")
    }

    @Test func `every suggested rate is a rate with the same meaning`() throws {
        for thousandths in 1...2_000 where thousandths % 1_000 != 0 {
            let digits = String(thousandths % 1_000)
            let text = "\(thousandths / 1_000).\(String(repeating: "0", count: 3 - digits.count))\(digits)/s"
            let problem = #expect(throws: UnitText.Problem.self) { try UnitText.rate(text) }
            let suggestion = try #require(problem?.suggestion?.split(separator: "`")[1])
            let rate = try UnitText.rate(String(suggestion))
            #expect(rate.amount * 1_000_000_000 * 1_000 == Int64(thousandths) * rate.period.count, "\(text)")
        }
    }

    @Test(arguments: [
        ("500ms", 500_000_000), ("30s", 30_000_000_000), ("10m", 600_000_000_000), ("10min", 600_000_000_000),
        ("2h", 7_200_000_000_000), ("1d", 86_400_000_000_000), ("1day", 86_400_000_000_000),
    ])
    func `durations are read as they are written`(text: String, nanoseconds: Int64) throws {
        #expect(try UnitText.duration(text) == Nanoseconds(nanoseconds))
    }

    @Test(arguments: ["", "5", "s", "0s", "-5s", "1.5s", "1h30m", "5 s", "367d", "99999999999999999999s", "5weeks"])
    func `what is no duration is refused`(text: String) {
        #expect(throws: UnitText.Problem.self) { try UnitText.duration(text) }
    }

    @Test func `every percentage with two decimals is read and written back`() throws {
        for points in 0...10_000 as ClosedRange<Int64> {
            #expect(try UnitText.basisPoints(UnitText.percentage(points)) == points)
        }
        #expect(try UnitText.basisPoints("12.50%") == 1_250)
    }

    @Test(arguments: ["", "%", "40", "0.4", "100.01%", "12.345%", "-1%", "1e2%", "40 %", ".5%", "5.%"])
    func `what is no percentage is refused`(text: String) {
        #expect(throws: UnitText.Problem.self) { try UnitText.basisPoints(text) }
    }

    @Test func `quotas are read per unit`() throws {
        #expect(
            try UnitText.quota("5_000/month", of: .requests) == .init(unit: .requests, amount: 5_000, period: .month))
        #expect(try UnitText.quota("5/week", of: .cost) == .init(unit: .cost, amount: 5, period: .week))
        #expect(try UnitText.quota("5/year", of: .requests) == .init(unit: .requests, amount: 5, period: .year))
        #expect(try UnitText.quota("10GB/day", of: .bytes).amount == 10_000_000_000)
        #expect(try UnitText.quota("512MiB/day", of: .bytes).amount == 512 << 20)
        #expect(try UnitText.quota("700/day", of: .bytes).amount == 700)
        for text in ["10GB/day", "5/quarter", "5", "0/day", "5/day/day", "5/s"] {
            #expect(throws: UnitText.Problem.self) { try UnitText.quota(text, of: .requests) }
        }
        for text in ["1.5GB/day", "5gb/day", "99999999TiB/day", "GB/day"] {
            #expect(throws: UnitText.Problem.self) { try UnitText.quota(text, of: .bytes) }
        }
    }

    @Test func `times of day are minutes`() throws {
        #expect(try UnitText.minuteOfDay("00:00") == 0)
        #expect(try UnitText.minuteOfDay("23:59") == 1_439)
        #expect(try UnitText.minuteOfDay("24:00") == 1_440)
        for text in ["24:01", "9:00", "09:60", "09", "09:00:00", "-1:00", "ab:cd", ""] {
            #expect(throws: UnitText.Problem.self) { try UnitText.minuteOfDay(text) }
        }
    }
}
