/// The secret key under which tenants' names are hashed to `TenantKey`.
///
/// Kept with the usage it makes findable: under another key, every tenant would come back as a stranger with a full
/// budget.
package struct TenantHashKey: Hashable, Sendable {
    /// The first half, as `KeyedHash` takes it.
    package let high: UInt64
    /// The second half.
    package let low: UInt64

    /// Joins the halves.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Draws a key from the system's generator.
    package static func random() -> TenantHashKey {
        TenantHashKey(high: .random(in: .min ... .max), low: .random(in: .min ... .max))
    }
}
