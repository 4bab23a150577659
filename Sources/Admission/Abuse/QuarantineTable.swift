package import Policy
package import Vocabulary

/// The quarantine list as requests look into it: frozen, read without a lock, made anew with every change.
package final class QuarantineTable: Sendable {
    private let keys: [UInt128: Int]
    private let tenants: [UInt128: Int]
    private let addresses: [AddressPrefix: Int]
    private let lengths: [Int]
    private let places: [Place]

    /// An entry with what it spares, in indices of one policy.
    struct Place: Sendable {
        let entry: Quarantine
        let sparedTiers: UInt64
        let sparedClasses: UInt64
    }

    /// What a request found.
    package struct Match: Sendable {
        /// The entry.
        package let entry: Quarantine
        /// Whether the entry leaves work of this tier and class alone.
        package let isSpared: Bool
    }

    /// Freezes a list for the tiers and classes of a policy.
    ///
    /// - Parameters:
    ///   - list: the list.
    ///   - policy: whose tiers and classes it is for.
    ///   - hash: names keys and tenants as requests do.
    package init(_ list: QuarantineList, for policy: Snapshot?, hash: (Quarantine.Subject) -> UInt128) {
        var (keys, tenants, addresses): ([UInt128: Int], [UInt128: Int], [AddressPrefix: Int]) = ([:], [:], [:])
        let entries = list.sorted
        for (index, entry) in entries.enumerated() {
            switch entry.subject {
            case .key: keys[hash(entry.subject)] = index
            case .tenant: tenants[hash(entry.subject)] = index
            case .addresses(let prefix): addresses[prefix] = index
            }
        }
        (self.keys, self.tenants, self.addresses) = (keys, tenants, addresses)
        lengths = list.prefixLengths.sorted(by: >)
        places = entries.map { entry in
            Place(
                entry: entry,
                sparedTiers: QuarantineTable.mask(entry.sparedTiers, policy?.tiers.map(\.name) ?? []),
                sparedClasses: QuarantineTable.mask(entry.sparedClasses, policy?.classes.map(\.name) ?? []))
        }
    }

    private static func mask(_ names: [String], _ all: [String]) -> UInt64 {
        let chosen = Set(names)
        return all.prefix(64).enumerated().reduce(0) { $0 | (chosen.contains($1.element) ? 1 << UInt64($1.offset) : 0) }
    }

    /// Whether nobody is in quarantine.
    package var isEmpty: Bool { places.isEmpty }
    /// Whether any key is.
    package var hasKeys: Bool { !keys.isEmpty }
    /// Whether any address is.
    package var hasAddresses: Bool { !lengths.isEmpty }

    /// Finds the strongest entry about a request: one that is meant before one that is recorded, then by action.
    ///
    /// - Complexity: O(lengths of prefixes); no allocation.
    package func find(
        tenant: UInt128, key: UInt128, address: IPAddress?, tier: Int, trafficClass: Int, at wall: WallTime
    ) -> Match? {
        let bits = (tier: bit(tier), trafficClass: bit(trafficClass))
        var best = -1
        if tenant != 0, let index = tenants[tenant] { best = stronger(best, index, bits, at: wall) }
        if key != 0, let index = keys[key] { best = stronger(best, index, bits, at: wall) }
        if let address {
            for length in lengths {
                guard let index = addresses[AddressPrefix(address, length: length)] else { continue }
                best = stronger(best, index, bits, at: wall)
            }
        }
        return best < 0 ? nil : Match(entry: places[best].entry, isSpared: places[best].spares(bits))
    }

    private func bit(_ index: Int) -> UInt64 { index >= 0 && index < 64 ? 1 << UInt64(index) : 0 }

    /// Of two entries, of which the first may be none, the one that does more to a request.
    private func stronger(_ first: Int, _ second: Int, _ bits: (tier: UInt64, trafficClass: UInt64), at wall: WallTime)
        -> Int
    {
        guard places[second].entry.holds(at: wall) else { return first }
        guard first >= 0 else { return second }
        let (left, right) = (places[first], places[second])
        let isLess =
            (left.spares(bits) ? 0 : 1, left.entry.stage.rawValue, left.entry.action.rawValue)
            < (right.spares(bits) ? 0 : 1, right.entry.stage.rawValue, right.entry.action.rawValue)
        return isLess ? second : first
    }
}

extension QuarantineTable.Place {
    /// Whether work of this tier and class, one bit each, goes on all the same.
    fileprivate func spares(_ bits: (tier: UInt64, trafficClass: UInt64)) -> Bool {
        sparedTiers & bits.tier != 0 || sparedClasses & bits.trafficClass != 0
    }
}
