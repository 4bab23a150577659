internal import Gateway
internal import Synchronization

/// What requests were decided by before a reload, until no event loop has it any more.
///
/// Whoever lets go of a directory last frees it, a hundred thousand tenants and keys one by one; without this, that
/// would be the event loop that comes last to the new state, in the middle of a request.
final class RetiredStates: Sendable {
    private let states = Mutex<[DataPlaneState]>([])

    /// Keeps none.
    init() {}

    /// Keeps a state that another one has followed.
    func add(_ state: DataPlaneState) { states.withLock { $0.append(state) } }

    /// Whether some are kept for nobody.
    var hasUnused: Bool {
        states.withLock { states in states.indices.contains { isKnownUniquelyReferenced(&states[$0]) } }
    }

    /// Frees those that are kept for nobody; takes its time.
    func freeUnused() {
        let unused = states.withLock { states in
            var unused: [DataPlaneState] = []
            for index in states.indices.reversed() where isKnownUniquelyReferenced(&states[index]) {
                unused.append(states.remove(at: index))
            }
            return unused
        }
        withExtendedLifetime(unused) {}  // until here, and so outside of the lock
    }
}
