internal import Vocabulary

/// The word of a tenant's state that says what the rest means.
///
/// From the lowest bit: 20 bits of plan, 9 of the blueprint's generation, 2 of envelope, 1 mark of a change, 32 that
/// number the second in which the tenant was last active.
struct NodeHeader {
    /// All bits.
    var word: Int64

    /// Which word of a tenant's state this is: after the two of the key.
    static let index = 2
    /// The most plans that a header can tell apart.
    static let planCountMax = 1 << 20
    private static let layoutMask: Int64 = 1 << 29 - 1
    private static let generationMask: Int64 = 1 << 9 - 1

    /// Reads the word.
    init(word: Int64) { self.word = word }

    /// A header for a tenant whose words are laid out as a plan of a blueprint says.
    @inline(__always)
    init(plan: Int, generation: UInt64) {
        word = Int64(plan) | (Int64(truncatingIfNeeded: generation) & NodeHeader.generationMask) << 20
    }

    /// The plan whose layout the words have.
    var plan: Int { Int(word & Int64(NodeHeader.planCountMax - 1)) }

    /// Whether plan and generation are those of another header.
    @inline(__always)
    func hasLayout(of other: NodeHeader) -> Bool { (word ^ other.word) & NodeHeader.layoutMask == 0 }

    /// Whether the layout is one of the blueprint with this generation.
    @inline(__always)
    func isOf(generation: UInt64) -> Bool {
        (word >> 20 ^ Int64(truncatingIfNeeded: generation)) & NodeHeader.generationMask == 0
    }

    /// Takes plan and generation of another header and keeps the rest.
    mutating func setLayout(of other: NodeHeader) {
        word = word & ~NodeHeader.layoutMask | other.word & NodeHeader.layoutMask
    }

    /// The envelope that held when the tenant's budget was last settled.
    var envelope: Envelope {
        get { Envelope(index: Int(word >> 29 & 3)) }
        set { word = word & ~(3 << 29) | Int64(newValue.index) << 29 }
    }

    /// The envelope at which what flowed in since the last spend counts: the lower of both, never one that did not
    /// hold.
    @inline(__always)
    func lowerEnvelope(_ allowed: Envelope) -> Envelope {
        Envelope(index: min(envelope.index, allowed.index))
    }

    /// Whether the tenant is in the list of those whose durable part changed.
    var isDirty: Bool {
        get { word & (1 << 31) != 0 }
        set { word = newValue ? word | 1 << 31 : word & ~(1 << 31) }
    }

    /// The second in which the tenant was last active, counted round after 136 years.
    var second: UInt32 {
        get { UInt32(truncatingIfNeeded: word >> 32) }
        set { word = word & 0xFFFF_FFFF | Int64(newValue) << 32 }
    }
}
