internal import Vocabulary

/// The tenants that were seen before.
///
/// The keys are keyed hashes already, so their bits choose the slot as they are: a tenth of what `Set` takes to hash
/// them once more.
struct TenantKeySet {
    private var slots: [UInt128]
    private var count = 0
    private var hasZero = false

    /// Starts empty, with room for as many.
    init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        slots = Array(repeating: 0, count: size)
    }

    /// Notes a tenant.
    ///
    /// - Returns: whether it is seen for the first time.
    /// - Complexity: O(1) expected.
    mutating func insert(_ tenant: TenantKey) -> Bool {
        guard tenant.bits != 0 else {  // marks what is free
            defer { hasZero = true }
            return !hasZero
        }
        if (count + 1) * 2 > slots.count { grow() }
        guard place(tenant.bits) else { return false }
        count += 1
        return true
    }

    private mutating func place(_ bits: UInt128) -> Bool {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: bits) & mask
        while slots[slot] != 0 {
            if slots[slot] == bits { return false }
            slot = (slot + 1) & mask
        }
        slots[slot] = bits
        return true
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: 0, count: old.count * 2)
        for bits in old where bits != 0 { _ = place(bits) }
    }
}
