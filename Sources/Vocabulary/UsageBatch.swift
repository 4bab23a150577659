/// What some tenants have used, for keeping: flat arrays, so that a hundred thousand tenants make no more objects than
/// one.
package struct UsageBatch: Sendable {
    /// What the numbers of a tenant mean.
    package var shapes: [UsageShape] = []
    /// The tenants, each once, in no order.
    package private(set) var rows: [Row] = []
    /// The numbers of all of them, one after the other.
    package private(set) var numbers: [Int64] = []

    /// One tenant.
    package struct Row: Hashable, Sendable {
        /// Whose use it is.
        package var tenant: TenantKey
        /// When it was that.
        package var wall: WallTime
        /// What the numbers mean, an index into `shapes`.
        package var shape: Int
        /// Where the numbers begin.
        package var start: Int
    }

    /// Makes an empty batch.
    package init() {}

    /// Whether nothing is in it.
    package var isEmpty: Bool { rows.isEmpty }

    /// Adds a tenant, whose numbers `append` is to add next.
    package mutating func begin(_ tenant: TenantKey, shape: Int, at wall: WallTime) {
        rows.append(Row(tenant: tenant, wall: wall, shape: shape, start: numbers.count))
    }

    /// Adds a number of the tenant that was added last.
    package mutating func append(_ number: Int64) { numbers.append(number) }

    /// The numbers of a tenant.
    package func numbers(of row: Row) -> ArraySlice<Int64> {
        numbers[row.start..<(row.start + shapes[row.shape].numberCount)]
    }

    /// Makes room for as many tenants, with as many numbers each as those that are there.
    package mutating func reserve(_ count: Int) {
        rows.reserveCapacity(count)
        numbers.reserveCapacity(count * 2)
    }
}
