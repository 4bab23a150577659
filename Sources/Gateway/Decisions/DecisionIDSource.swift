internal import Vocabulary

/// Names decisions on one event loop: time, 48 bits that this loop drew at its start, and a counter.
struct DecisionIDSource {
    private let origin: UInt128
    private var counter: UInt32 = 0

    /// Draws the loop's own bits.
    init() { origin = UInt128(UInt64.random(in: 0..<(1 << 48))) << 32 }

    /// The next name; unique on this loop for 2³² decisions per millisecond.
    mutating func next(at wall: WallTime) -> DecisionID {
        counter &+= 1  // wraps: the time before it has moved on by then
        return DecisionID(wall: wall, unique: origin | UInt128(counter))
    }
}
