internal import Vocabulary

/// What flows per second as an exact fraction in lowest terms: what a rate comes to, whatever period it is stated in.
///
/// Two paces are equal exactly if they let the same amount through; nothing is rounded before it is written.
struct Pace: Hashable, Comparable, Sendable {
    /// Cost units or requests in `denominator` seconds.
    let numerator: Int128
    /// Seconds; at least 1.
    let denominator: Int128

    /// Nothing at all.
    static let zero = Pace(0, per: 1)

    /// An amount in a number of seconds.
    ///
    /// - Precondition: `seconds` is positive and `amount` is not negative.
    private init(_ amount: Int128, per seconds: Int128) {
        var (larger, smaller) = (amount, seconds)
        while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
        numerator = amount / larger
        denominator = seconds / larger
    }

    /// What a rate comes to.
    init(_ rate: Rate) { self.init(Int128(rate.amount) * 1_000_000_000, per: Int128(rate.period.count)) }

    /// What units per nanosecond come to (see `Budget`).
    ///
    /// - Precondition: `inflow` is at most `Meter.capacityMax`, so that a billion of them fit easily.
    init(inflow: Int64, unitsPerCost: Int64) {
        self.init(Int128(inflow) * 1_000_000_000, per: Int128(unitsPerCost))
    }

    /// How many requests per second this much pays for when each costs `cost`.
    ///
    /// The denominator stays below 2⁶¹ · 2⁶³.
    func divided(by cost: Int64) -> Pace { Pace(numerator, per: denominator * Int128(max(1, cost))) }

    static func < (left: Pace, right: Pace) -> Bool {
        let first = left.numerator.magnitude.multipliedFullWidth(by: right.denominator.magnitude)
        let second = right.numerator.magnitude.multipliedFullWidth(by: left.denominator.magnitude)
        return (first.high, first.low) < (second.high, second.low)
    }
}

extension Pace {
    /// The pace as a number, for differences and percentages that are rounded anyway.
    var perSecond: Double { Double(numerator) / Double(denominator) }

    /// Whether the pace per second has at most two decimals and is not below 1.
    var isLegiblePerSecond: Bool { numerator >= denominator && numerator * 100 % denominator == 0 }

    /// The pace in millionths per second, rounded: the number in documents.
    var millionthsPerSecond: Int128 { rounded(times: 1_000_000) }

    /// For tables: `300/s`, `2.33/s`, `12/h`.
    var text: String { text(in: unit) }

    /// Both paces for a table, in one unit as long as the smaller one is then still legible.
    static func texts(_ first: Pace, _ second: Pace) -> (String, String) {
        let (lower, higher) = first < second ? (first, second) : (second, first)
        let isLegible = lower.numerator * higher.unit.seconds * 20 >= lower.denominator
        return isLegible || lower == .zero
            ? (first.text(in: higher.unit), second.text(in: higher.unit)) : (first.text, second.text)
    }

    /// For sentences: `300 requests per second`.
    func words(_ singular: String = "request", _ plural: String = "requests") -> String {
        let amount = amount(in: unit)
        return "\(amount) \(amount == "1" ? singular : plural) per \(unit.word)"
    }

    private typealias Unit = (seconds: Int128, short: String, word: String)
    private static let units: [Unit] = [
        (1, "s", "second"), (60, "min", "minute"), (3_600, "h", "hour"), (86_400, "day", "day"),
    ]

    /// The smallest unit of time in which the amount is at least 1.
    private var unit: Unit {
        let fitting = Pace.units.first { numerator * $0.seconds >= denominator }
        return fitting ?? (self == .zero ? Pace.units[0] : Pace.units[3])
    }

    private func text(in unit: Unit) -> String { "\(amount(in: unit))/\(unit.short)" }

    /// The amount in a unit of time, with up to two decimals.
    private func amount(in unit: Unit) -> String {
        NumberText.decimal(rounded(times: unit.seconds * 100), scale: 100)
    }

    private func rounded(times factor: Int128) -> Int128 {
        (numerator * factor + denominator / 2) / denominator
    }
}
