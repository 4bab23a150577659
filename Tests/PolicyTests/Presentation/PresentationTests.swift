import Testing
import Vocabulary

@testable import Policy

@Suite struct PresentationTests {
    @Test func `paces compare exactly, also where floating point cannot`() {
        let rate = Pace(Rate(amount: 9_007_199_254_740_993, period: .second))
        let lower = Pace(Rate(amount: 9_007_199_254_740_992, period: .second))
        #expect(lower < rate && !(rate < lower) && lower != rate)
        #expect(Pace(Rate(amount: 7, period: .seconds(3))) == Pace(Rate(amount: 14, period: .seconds(6))))
        let largest = Pace(Rate(amount: .max, period: Nanoseconds(1)))
        let smallest = Pace(Rate(amount: 1, period: .day)).divided(by: .max)
        #expect(smallest < largest && Pace.zero < smallest)
    }

    @Test(arguments: [
        (Rate(amount: 300, period: .second), "300/s", "300 requests per second"),
        (Rate(amount: 7, period: .seconds(3)), "2.33/s", "2.33 requests per second"),
        (Rate(amount: 30, period: .seconds(60)), "30/min", "30 requests per minute"),
        (Rate(amount: 1, period: .second), "1/s", "1 request per second"),
        (Rate(amount: 100_000, period: .day), "1.16/s", "1.16 requests per second"),
        (Rate(amount: 1, period: .day), "1/day", "1 request per day"),
    ])
    func `a pace is written in the unit in which it is at least one`(rate: Rate, short: String, long: String) {
        #expect(Pace(rate).text == short)
        #expect(Pace(rate).words() == long)
    }

    @Test(arguments: [
        (Rate(amount: 7, period: .seconds(3)), "7 requests per 3 seconds", "7/3s"),
        (Rate(amount: 2, period: .milliseconds(5)), "400 requests per second", "400/s"),
        (Rate(amount: 3_333, period: .seconds(10)), "333.3 requests per second", "333.3/s"),
        (Rate(amount: 1_000, period: .seconds(60)), "1,000 requests per minute", "1,000/min"),
        (Rate(amount: 100_000, period: .day), "100,000 requests per day", "100,000/day"),
    ])
    func `a rate is written as the policy states it, unless that is a fraction`(
        rate: Rate, long: String, short: String
    ) {
        #expect(Wording.rate(rate) == long)
        #expect(Wording.shortRate(rate) == short)
    }

    @Test func `two paces share a unit while both are legible in it`() {
        let fast = Pace(Rate(amount: 3, period: .second))
        let slow = Pace(Rate(amount: 42, period: .seconds(60)))
        let slowest = Pace(Rate(amount: 1, period: .day))
        #expect(Pace.texts(fast, slow) == ("3/s", "0.7/s"))
        #expect(Pace.texts(slow, fast) == ("0.7/s", "3/s"))
        #expect(Pace.texts(fast, slowest) == ("3/s", "1/day"))
        #expect(Pace.texts(.zero, slow) == ("0/min", "42/min"))
    }

    @Test func `lines break at spaces, and inside a word only if it fits no line`() {
        let long = String(repeating: "x", count: 250)
        let lines = TextLayout.wrap("one two \(long) three", first: "- ", rest: "  ")
        #expect(lines.allSatisfy { $0.count <= 120 })
        #expect(lines.map { $0.filter { $0 != " " } }.joined() == "-onetwo\(long)three")
        #expect(TextLayout.wrap("") == [""])
        #expect(TextLayout.wrap(String(repeating: "word ", count: 24)).count == 1)
        #expect(TextLayout.wrap(String(repeating: "word ", count: 25)).count == 2)
    }

    @Test func `a document keeps the order of its members and escapes what must be escaped`() {
        let value: JSONValue = ["b": ["x", 1, true, []], "a": .null, "c": .millionths(-2_500_000), "d": "\u{1}\"\\"]
        #expect(
            value.document == """
                {
                  "b": [
                    "x",
                    1,
                    true,
                    []
                  ],
                  "a": null,
                  "c": -2.5,
                  "d": "\\u0001\\"\\\\"
                }

                """)
    }

    @Test func `numbers are grouped by thousands and fractions end where they end`() {
        #expect(NumberText.grouped(-1_234_567) == "-1,234,567")
        #expect(NumberText.grouped(999) == "999")
        #expect(NumberText.grouped(Int64.min) == "-9,223,372,036,854,775,808")
        #expect(NumberText.decimal(1_234_050, scale: 1_000) == "1,234.05")
        #expect(NumberText.decimal(-5, scale: 1_000_000, grouped: false) == "-0.000005")
    }
}
