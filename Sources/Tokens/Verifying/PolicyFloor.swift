/// The oldest policy under which tokens may have been issued.
///
/// Versions of policies are digests, which have no order; the order is the one in which they were published. So the
/// floor is a place in a list of versions: what stands at it or after it is accepted, what stands before it or not
/// in the list at all is not. A policy that is published again, as after a roll-back, stands at its last place.
package struct PolicyFloor: Hashable, Sendable {
    /// The versions in the order in which they were published, each once.
    package private(set) var published: [String]
    /// The oldest that is accepted; `nil`: all are.
    package var minimum: String?

    /// The most versions that are kept: tokens last minutes, and few policies are published in those.
    package static let countMax = 256

    /// States a floor.
    package init(published: [String] = [], minimum: String? = nil) {
        self.published = Array(published.suffix(PolicyFloor.countMax))
        self.minimum = minimum
    }

    /// Takes note that a policy has been published.
    package mutating func publish(_ version: String) {
        published.removeAll { $0 == version }
        published.append(version)
        if published.count > PolicyFloor.countMax { published.removeFirst() }
    }

    /// Whether a token that was issued under a version is accepted.
    ///
    /// A minimum that was never published here lets nothing in: it is a mistake, or a policy that is still to come.
    func accepts(_ version: String?) -> Bool {
        guard let minimum else { return true }
        guard let version, let place = published.lastIndex(of: version),
            let floor = published.lastIndex(of: minimum)
        else { return false }
        return place >= floor
    }
}
