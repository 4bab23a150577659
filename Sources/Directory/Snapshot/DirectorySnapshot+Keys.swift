package import Vocabulary

/// Keys by their ids: what tokens know of the key they were issued for.
extension DirectorySnapshot {
    /// The index of a principal's key.
    ///
    /// - Complexity: O(log n) in all keys and O(n) in those of the principal.
    package func keyIndex(id: String, ofPrincipal principal: Int) -> Int? {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if Int(keys[middle].principal) < principal { low = middle + 1 } else { high = middle }
        }
        while low < keys.count, Int(keys[low].principal) == principal {
            if key(at: low).id == id { return low }
            low += 1
        }
        return nil
    }

    /// What a key is worth at a moment.
    ///
    /// - Complexity: O(1), no allocation.
    package func status(ofKey index: Int, at now: WallTime) -> APIKey.Status {
        guard case .known(_, _, let status) = match(ofKey: index, at: now) else { return .revoked }
        return status
    }
}
