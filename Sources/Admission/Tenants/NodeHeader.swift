internal import Vocabulary

/// The word of a tenant's state that says what the rest means.
struct NodeHeader {
    /// All bits: the plan in the lower 32, the envelope of the last settlement in 8, the mark of a change in one.
    var word: Int64

    /// Which word of a tenant's state this is: after the two of the key.
    static let index = 2

    /// Reads the word.
    init(word: Int64) { self.word = word }

    /// A header for a tenant on a plan.
    init(plan: Int) { word = Int64(plan) }

    /// The plan whose layout the words have.
    var plan: Int { Int(word & 0xFFFF_FFFF) }

    /// The envelope that held when the tenant's budget was last settled.
    var envelope: Envelope {
        get { Envelope(rawValue: UInt8(truncatingIfNeeded: word >> 32)) ?? .baseline }
        set { word = word & ~(0xFF << 32) | Int64(newValue.rawValue) << 32 }
    }

    /// The envelope at which what flowed in since the last spend counts: the lower of both, never one that did not hold.
    func lowerEnvelope(_ allowed: Envelope) -> Envelope {
        envelope.rawValue < allowed.rawValue ? envelope : allowed
    }

    /// Whether the tenant is in the list of those whose durable part changed.
    var isDirty: Bool {
        get { word & (1 << 40) != 0 }
        set { word = newValue ? word | 1 << 40 : word & ~(1 << 40) }
    }
}
