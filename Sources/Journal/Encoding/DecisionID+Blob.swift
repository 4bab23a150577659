internal import Foundation
internal import Vocabulary

extension DecisionID {
    /// The 16 bytes, highest first: compared byte by byte they sort as ids do.
    var blob: Data {
        var data = Data(capacity: 16)
        for shift in stride(from: 120, through: 0, by: -8) {
            data.append(UInt8(truncatingIfNeeded: bits >> UInt128(shift)))
        }
        return data
    }

    /// Reads 16 bytes; any other number of them is `nil`.
    init?(blob: Data) {
        guard blob.count == 16 else { return nil }
        self.init(bits: blob.reduce(into: UInt128(0)) { bits, byte in bits = bits << 8 | UInt128(byte) })
    }

    /// The smallest id of a moment, later than every id of every moment before.
    init(firstOf wall: WallTime) { self.init(wall: wall, unique: 0) }
}
