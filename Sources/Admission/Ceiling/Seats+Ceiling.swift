package import Policy

extension Seats.Limit {
    /// The bounds within which the number of seats is found; `nil`: it is stated.
    package var ceiling: ConcurrencyCeiling.Settings? {
        switch self {
        case .fixed: nil
        case .adaptive(let min, let first, let max):
            ConcurrencyCeiling.Settings(limitMin: min, limitMax: max, limitFirst: first)
        }
    }
}
