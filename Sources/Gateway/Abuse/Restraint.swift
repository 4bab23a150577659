internal import Admission
internal import Vocabulary

/// The entry of the quarantine list that is about a request, and what becomes of the request by it.
///
/// Behind one reference in a decision, because few decisions have any of it.
final class Restraint {
    /// The entry.
    let entry: Quarantine
    /// Whether the entry leaves the request alone: its rule spares such work, or is in stage `shadow`.
    let isSpared: Bool
    /// What the entry would have said, were its rule not in stage `shadow`.
    let shadowed: Reason?
    /// How long the caller still has to cool down, if that is why it is refused.
    var coolDown: Nanoseconds?

    /// Takes note of an entry.
    init(_ entry: Quarantine, isSpared: Bool, shadowed: Reason?) {
        self.entry = entry
        self.isSpared = isSpared
        self.shadowed = shadowed
    }
}
