internal import Vocabulary

extension PolicyDifference {
    /// By how much a number differs.
    struct Change {
        /// The absolute difference with its unit and sign: `-150/s`.
        var absolute: String
        /// The absolute difference in millionths of the unit of the values.
        var millionths: Int128
        /// The relative difference in tenths of a percent, where there was something before.
        var permille: Int128?

        /// The relative difference with its sign: `-50%`; small ones are not rounded to nothing.
        var percent: String? {
            permille.map { permille in
                guard permille == 0 else { return Change.signed(permille, scale: 10) + "%" }
                return (millionths < 0 ? "-" : "+") + "<0.1%"
            }
        }

        private init(from old: Double, to new: Double, unit: String, decimals: Int128) {
            let difference = new - old
            millionths = Change.whole(difference * 1_000_000)
            let rounded = Change.whole(difference * Double(decimals))
            absolute =
                rounded == 0
                ? (difference < 0 ? "-" : "+") + "<" + NumberText.decimal(1, scale: decimals) + unit
                : Change.signed(rounded, scale: decimals) + unit
            permille = old > 0 ? Change.whole(difference / old * 1_000) : nil
        }

        /// The nearest whole number, within what 128 bits surely hold.
        private static func whole(_ number: Double) -> Int128 { Int128(min(max(number, -1e30), 1e30).rounded()) }

        private static func signed(_ number: Int128, scale: Int128) -> String {
            (number > 0 ? "+" : "") + NumberText.decimal(number, scale: scale)
        }

        /// The difference of two values; `nil` if they are not numbers of one kind, or equal.
        ///
        /// Differences are for people and are computed in floating point; verdicts never depend on them.
        init?(from old: Value, to new: Value) {
            if let first = old.pace, let second = new.pace {
                guard first != second else { return nil }
                self.init(from: first.perSecond, to: second.perSecond, unit: "/s", decimals: 100)
                return
            }
            switch (old, new) {
            case (.count(let first), .count(let second)):
                self.init(from: Double(first), to: Double(second), unit: "", decimals: 1)
            case (.share(let first), .share(let second)):
                self.init(from: Double(first) / 100, to: Double(second) / 100, unit: " points", decimals: 100)
            case (.duration(let first), .duration(let second)):
                self.init(
                    from: Double(first.count) / 1_000_000_000, to: Double(second.count) / 1_000_000_000, unit: "s",
                    decimals: 1_000)
            default: return nil
            }
        }
    }
}
