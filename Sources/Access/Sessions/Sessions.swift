internal import Synchronization
package import Vocabulary

/// The table of sessions, for requests that come at the same time.
package final class Sessions: Sendable {
    private let table: Mutex<SessionTable>

    /// Begins without a session.
    package init(limits: SessionLimits = SessionLimits()) { table = Mutex(SessionTable(limits: limits)) }

    /// As `SessionTable.begin`.
    package func begin(
        for signedIn: SignedIn, address: String, using generator: inout some RandomNumberGenerator
    ) -> (token: SessionToken, session: Session)? {
        table.withLock { $0.begin(for: signedIn, address: address, using: &generator) }
    }

    /// As `SessionTable.resume`; the generation is asked for without holding the lock.
    package func resume(
        _ token: SessionToken, at now: WallTime, generation: (OperatorName) -> CredentialGeneration?
    ) -> Session? {
        guard let owner = table.withLock({ $0.owner(of: token) }) else { return nil }
        let current = generation(owner)
        return table.withLock { $0.resume(token, generation: current, at: now) }
    }

    /// As `SessionTable.list`.
    package func list(of name: OperatorName, at now: WallTime) -> [Session] {
        table.withLock { $0.list(of: name, at: now) }
    }

    /// Ends the session of a token: signing out.
    package func end(_ token: SessionToken) { table.withLock { $0.end(token) } }

    /// As `SessionTable.end(id:of:)`.
    package func end(id: String, of name: OperatorName) -> Bool { table.withLock { $0.end(id: id, of: name) } }

    /// As `SessionTable.endAll`.
    @discardableResult
    package func endAll(of name: OperatorName) -> Int { table.withLock { $0.endAll(of: name) } }
}
