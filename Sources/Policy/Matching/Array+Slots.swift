extension Array {
    /// Where the search for a hash begins in a table whose size is a power of two.
    ///
    /// Fibonacci hashing (Knuth, The Art of Computer Programming, volume 3, §6.4): the upper bits of a product with
    /// 2⁶⁴ divided by the golden ratio.
    func firstSlot(for hash: UInt64) -> Int {
        Int(truncatingIfNeeded: (hash &* 0x9e37_79b9_7f4a_7c15) >> 32) & (count - 1)
    }

    /// The slot that linear probing looks at next.
    func slot(after slot: Int) -> Int { (slot + 1) & (count - 1) }
}
