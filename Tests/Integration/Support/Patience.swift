/// Waiting for other processes: the only place of these tests where real time passes.
enum Patience {
    /// How long a process may take to listen or to end; generous, because the machine may be busy building.
    static let limit = Duration.seconds(20)

    /// Asks again and again until something holds; `what` is awaited, for the error.
    ///
    /// - Throws: `Exhausted` after the limit, and what the condition throws at once.
    static func wait(
        for what: String, atMost limit: Duration = limit, until condition: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + limit
        while try await !condition() {
            guard ContinuousClock.now < deadline else { throw Exhausted(what: what) }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// What was awaited did not come.
    struct Exhausted: Error, CustomStringConvertible {
        /// What was awaited.
        let what: String

        var description: String { "waited \(Patience.limit) for \(what), in vain" }
    }
}
