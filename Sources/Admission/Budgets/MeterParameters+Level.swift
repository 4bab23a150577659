extension MeterParameters {
    /// The level at a moment; looks only.
    @inline(__always)
    func level(_ words: borrowing MutableSpan<Int64>, at base: Int, now: Int64) -> Int64 {
        let elapsed = max(0, now - words[base + 1])
        return min(capacity, words[base] + inflowUnits(inflow, over: elapsed))
    }

    /// Takes units from a level that has just been reported.
    @inline(__always)
    static func spend(
        _ need: Int64, from level: Int64, in words: inout MutableSpan<Int64>, at base: Int, now: Int64
    ) {
        words[base] = level - need
        words[base + 1] = max(now, words[base + 1])
    }

    /// Takes units that the level holds.
    func spend(_ need: Int64, in words: inout MutableSpan<Int64>, at base: Int, now: Int64) {
        MeterParameters.spend(need, from: level(words, at: base, now: now), in: &words, at: base, now: now)
    }

    /// Nanoseconds until a level has grown to `need`; `nil` if it never does.
    ///
    /// Exact: admitted at this instant and not one nanosecond before.
    func wait(from level: Int64, for need: Int64) -> Int64? {
        guard need <= capacity else { return nil }
        return level >= need ? 0 : quotientRoundedUp(need - level, inflow)
    }
}
