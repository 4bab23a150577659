/// A tenant as the engine knows it: the keyed hash of its name, made once when the directory is read.
package struct TenantKey: Hashable, Sendable, BitwiseCopyable {
    /// All 128 bits of the hash.
    package let bits: UInt128

    /// Wraps a hash.
    package init(bits: UInt128) { self.bits = bits }
}
