package import Vocabulary

extension Nanoseconds {
    /// The length of time in words that fit its size, rounded up: `41 µs`, `1.2 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4
    /// h`.
    ///
    /// Rounded up, because most of these say when something will be possible again.
    package var inWords: String {
        guard count > 0 else { return "0 s" }
        switch count {
        case ..<1_000: return "\(count) ns"
        case ..<1_000_000: return decimal(1_000) + " µs"
        case ..<1_000_000_000: return decimal(1_000_000) + " ms"
        case ..<60_000_000_000: return decimal(1_000_000_000) + " s"
        default: return secondsRoundedUp.inWords
        }
    }

    /// In a larger unit: one digit after the point below ten, none above.
    private func decimal(_ unit: Int64) -> String {
        let tenths = (count - 1) / (unit / 10) + 1
        guard tenths < 100, tenths % 10 != 0 else { return String((count - 1) / unit + 1) }
        return "\(tenths / 10).\(tenths % 10)"
    }
}

extension Int64 {
    /// A number of seconds, at least a minute, in its two largest units.
    fileprivate var inWords: String {
        let (large, small, size, part): (String, String, Int64, Int64) =
            switch self {
            case ..<3_600: ("min", "s", 60, 1)
            case ..<172_800: ("h", "min", 3_600, 60)
            default: ("d", "h", 86_400, 3_600)
            }
        let parts = (self - 1) / part + 1
        let (whole, rest) = parts.quotientAndRemainder(dividingBy: size / part)
        return rest == 0 ? "\(whole) \(large)" : "\(whole) \(large) \(rest) \(small)"
    }
}
