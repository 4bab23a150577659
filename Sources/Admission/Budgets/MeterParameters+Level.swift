extension MeterParameters {
    /// The level at a moment; looks only.
    func level(_ words: borrowing MutableSpan<Int64>, at base: Int, now: Int64) -> Int64 {
        let elapsed = max(0, now - words[base + 1])
        return min(capacity, words[base] + inflowUnits(inflow, over: elapsed))
    }

    /// Takes units that `level` has just reported.
    func spend(_ need: Int64, in words: inout MutableSpan<Int64>, at base: Int, now: Int64) {
        words[base] = level(words, at: base, now: now) - need
        words[base + 1] = max(now, words[base + 1])
    }

    /// Nanoseconds until a level has grown to `need`; `nil` if it never does.
    ///
    /// Exact: admitted at this instant and not one nanosecond before.
    func wait(from level: Int64, for need: Int64) -> Int64? {
        guard need <= capacity else { return nil }
        return level >= need ? 0 : quotientRoundedUp(need - level, inflow)
    }
}
