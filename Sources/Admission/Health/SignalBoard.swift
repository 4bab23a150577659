package import Policy
package import Vocabulary

/// What others have told about the health of the system, each for a time.
///
/// Has no more entries than the policy has signals. Pure: time comes in as a number.
package struct SignalBoard: Sendable {
    /// One signal that is told.
    package struct Entry: Hashable, Sendable {
        /// What was told.
        package let value: Value
        /// Since when.
        package let since: Nanoseconds
        /// Until when it counts.
        package let until: Nanoseconds
    }

    /// What can be told.
    package enum Value: Hashable, Sendable {
        /// A word.
        case health(Health)
        /// A number, which the policy gives a meaning.
        case number(Int64)
    }

    /// Why something cannot be told.
    package enum Refusal: Error, Hashable, Sendable {
        /// The policy has no such signal.
        case unknown
        /// The policy gives numbers of this signal no meaning.
        case hasNoMarks
        /// The policy gives only numbers of this signal a meaning.
        case hasMarks
    }

    private var entries: [String: Entry] = [:]

    /// An empty board.
    package init() {}

    /// Tells a signal; what was told before does not count any more.
    package mutating func tell(
        _ name: String, _ value: Value, lasting duration: Nanoseconds, by policy: HealthPolicy?, at now: Nanoseconds
    ) throws(Refusal) {
        guard let signal = policy?.signals.first(where: { $0.name == name }) else { throw .unknown }
        switch value {
        case .number where signal.marks == nil: throw .hasNoMarks
        case .health where signal.marks != nil: throw .hasMarks
        case .number, .health: break
        }
        let (until, overflow) = now.count.addingReportingOverflow(duration.count)
        entries[name] = Entry(value: value, since: now, until: Nanoseconds(overflow ? .max : until))
    }

    /// Takes a signal back: from now on nobody tells it.
    ///
    /// - Returns: whether it was told.
    package mutating func retract(_ name: String) -> Bool { entries.removeValue(forKey: name) != nil }

    /// Forgets what counts no more, by time or because a policy does not know it or reads it otherwise.
    package mutating func expire(by policy: HealthPolicy?, at now: Nanoseconds) {
        entries = entries.filter { name, entry in
            guard entry.until > now, let signal = policy?.signals.first(where: { $0.name == name }) else {
                return false
            }
            return if case .number = entry.value { signal.marks != nil } else { signal.marks == nil }
        }
    }

    /// What is told of a signal.
    package func entry(_ name: String) -> Entry? { entries[name] }

    /// What a signal says now.
    package func health(of signal: HealthPolicy.Signal, at now: Nanoseconds) -> Health {
        guard let entry = entries[signal.name], entry.until > now else { return signal.absent }
        return switch entry.value {
        case .health(let health): health
        case .number(let number): signal.marks?.health(of: number) ?? signal.absent
        }
    }
}
