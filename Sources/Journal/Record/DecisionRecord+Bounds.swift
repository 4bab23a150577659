internal import Vocabulary

extension DecisionRecord {
    /// The most bytes of a method; the longest registered one (`UPDATEREDIRECTREF`) has 17.
    package static let methodLengthMax = 32
    /// The most bytes of a path: long enough to recognise any route, short enough that a full ring stays small.
    package static let pathLengthMax = 512
    /// The most bytes of a claimed class, which is a stranger's text.
    package static let claimLengthMax = 64

    /// A path without query and fragment, which may hold secrets, and without keys, cut to `pathLengthMax` bytes.
    static func boundedPath(_ path: String) -> String {
        let end = path.utf8.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? path.endIndex
        return String(path[..<end]).withKeysMasked.clipped(toBytes: pathLengthMax)
    }
}

extension String {
    /// The text, or as many of its scalars as fit together with "…" into a number of bytes.
    ///
    /// - Complexity: O(1) for texts that fit, else O(`limit`).
    func clipped(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        let ellipsis = "…"
        var end = utf8.index(startIndex, offsetBy: max(0, limit - ellipsis.utf8.count))
        while end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(self[..<end]) + ellipsis
    }
}
