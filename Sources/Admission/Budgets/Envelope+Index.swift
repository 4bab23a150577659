internal import Vocabulary

extension Envelope {
    /// The place of the envelope in a row of three, and its bits in a header; without a call into another module.
    @inline(__always)
    var index: Int {
        switch self {
        case .baseline: 0
        case .burst: 1
        case .overload: 2
        }
    }

    /// The envelope at a place.
    @inline(__always)
    init(index: Int) { self = index == 2 ? .overload : index == 1 ? .burst : .baseline }
}
