/// Notices that some files have changed and have then been left alone.
///
/// A change is taken up when two looks see the same, so that a file that is just being written is left alone; and two
/// files that belong together, such as a certificate and its key, are mostly seen together.
struct FileWatch {
    private var loaded: FileFingerprint
    private var seen: FileFingerprint

    /// Begins with what is loaded now.
    init(_ fingerprint: FileFingerprint) {
        loaded = fingerprint
        seen = fingerprint
    }

    /// Looks once.
    ///
    /// - Parameters:
    ///   - newest: how the files look now.
    ///   - isRequested: whether they are to be loaded in any case.
    /// - Returns: whether to load them.
    mutating func look(_ newest: FileFingerprint, isRequested: Bool) -> Bool {
        let isSettled = newest == seen
        seen = newest
        guard isRequested || (isSettled && newest != loaded) else { return false }
        loaded = newest
        return true
    }
}
