/// How well the system behind is, as far as anybody has said (design §4.3).
package enum Health: UInt8, CaseIterable, Comparable, Sendable {
    /// There is capacity to spare.
    case spare
    /// It does what it is to do.
    case steady
    /// It is under stress: less would do it good.
    case stressed
    /// It has more to do than it can.
    case overloaded

    /// The word that policies, calls and records use.
    package var name: String {
        switch self {
        case .spare: "spare"
        case .steady: "steady"
        case .stressed: "stressed"
        case .overloaded: "overloaded"
        }
    }

    /// The highest ceiling that may hold.
    package var envelope: Envelope {
        switch self {
        case .spare: .overload
        case .steady: .burst
        case .stressed, .overloaded: .baseline
        }
    }

    /// One step better; the best stays.
    package var better: Health { Health(rawValue: rawValue == 0 ? 0 : rawValue - 1) ?? .spare }

    package static func < (left: Health, right: Health) -> Bool { left.rawValue < right.rawValue }
}
