package import Vocabulary

/// Keys by their ids: what tokens know of the key they were issued for.
extension DirectorySnapshot {
    /// The index of a principal's key.
    ///
    /// - Complexity: O(n) in the keys of the principal.
    package func keyIndex(id: String, ofPrincipal principal: Int) -> Int? {
        let place = tables.places[principal]
        let keys = Int(place.firstKey)..<Int(place.firstKey + place.keyCount)
        return keys.first { key(at: $0).id == id }
    }

    /// What a key is worth at a moment.
    ///
    /// - Complexity: O(1), no allocation.
    package func status(ofKey index: Int, at now: WallTime) -> APIKey.Status {
        guard case .known(_, _, let status) = match(ofKey: index, at: now) else { return .revoked }
        return status
    }
}
