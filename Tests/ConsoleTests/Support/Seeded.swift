import Synchronization

/// Draws the same numbers in each run: SplitMix64.
final class Seeded: Sendable {
    private let state = Mutex<UInt64>(1)

    /// A generator that goes on where the last one stopped.
    var generator: Generator { Generator(source: self) }

    /// Draws from the shared state, so that no two secrets are the same.
    struct Generator: RandomNumberGenerator {
        fileprivate let source: Seeded

        mutating func next() -> UInt64 {
            source.state.withLock { state in
                state &+= 0x9E37_79B9_7F4A_7C15
                var mixed = state
                mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
                mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
                return mixed ^ (mixed >> 31)
            }
        }
    }
}
