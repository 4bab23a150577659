package import Vocabulary

extension PolicyDifference {
    /// One side of a comparison.
    package enum Value: Hashable, Sendable {
        /// There is no such thing.
        case none
        /// There is no limit.
        case unlimited
        /// A rate in cost units as the policy states it.
        case rate(Rate)
        /// What is derived from rates: an amount per second.
        case pace(AmountPerSecond)
        /// A number of cost units, requests or bytes.
        case count(Int64)
        /// A share in hundredths of a percent.
        case share(Int64)
        /// A length of time.
        case duration(Nanoseconds)
        /// Yes or no.
        case flag(Bool)
        /// Words.
        case text(String)
        /// Several words, in a fixed order.
        case texts([String])

        /// Keeps the arithmetic of paces inside this module.
        package struct AmountPerSecond: Hashable, Sendable {
            let pace: Pace
        }

        /// Whether there is anything.
        var isPresent: Bool { self != .none }

        /// The pace of a rate.
        var pace: Pace? {
            switch self {
            case .rate(let rate): Pace(rate)
            case .pace(let amount): amount.pace
            default: nil
            }
        }

        /// A derived pace.
        static func pace(_ pace: Pace) -> Value { .pace(AmountPerSecond(pace: pace)) }
    }
}

extension PolicyDifference.Value {
    /// The value in a table.
    var text: String {
        switch self {
        case .none: "none"
        case .unlimited: "unlimited"
        case .rate(let rate): Wording.shortRate(rate)
        case .pace(let amount): amount.pace.text
        case .count(let count): NumberText.grouped(count)
        case .share(let basisPoints): UnitText.percentage(basisPoints)
        case .duration(let time): Wording.duration(time)
        case .flag(let flag): flag ? "yes" : "no"
        case .text(let text): text
        case .texts(let texts): texts.isEmpty ? "nothing" : texts.joined(separator: ", ")
        }
    }

    /// The value in a document.
    var json: JSONValue {
        switch self {
        case .none: .null
        case .unlimited: .string("unlimited")
        case .rate(let rate):
            .record([
                "rate": .string(rate.description), "perSecond": .millionths(Pace(rate).millionthsPerSecond),
            ])
        case .pace(let amount): .record(["perSecond": .millionths(amount.pace.millionthsPerSecond)])
        case .count(let count): .integer(count)
        case .share(let basisPoints): .record(["percent": .millionths(Int128(basisPoints) * 10_000)])
        case .duration(let time): .record(["nanoseconds": .integer(time.count)])
        case .flag(let flag): .flag(flag)
        case .text(let text): .string(text)
        case .texts(let texts): .strings(texts)
        }
    }
}
