internal import Vocabulary

extension PolicyDocument {
    /// One entry of `tiers`.
    struct Tier {
        /// The name.
        var name: Located<String>
        /// The reserved share, in hundredths of a percent.
        var reserve: Located<Int64>?
        /// The share of the pool to leave, in hundredths of a percent.
        var holdback: Located<Int64>?
        /// The share of the seats, in hundredths of a percent.
        var concurrency: Located<Int64>?
        /// The share of the reserve below which is a near miss, in hundredths of a percent.
        var nearMiss: Located<Int64>?
        /// The share of the reserve of seats that is never lent, in hundredths of a percent.
        var kept: Located<Int64>?
        /// The share of what starts, in hundredths of a percent.
        var floor: Located<Int64>?
        /// The share of the seats that one tenant may hold, in hundredths of a percent.
        var tenantShare: Located<Int64>?
        /// The bounds of the queue.
        var queue: Queue?
        /// The latency promised, by rising percentile.
        var latency: [Policy.Tier.LatencyTarget] = []

        /// Decodes an entry; `nil` if it has no usable name.
        init?(_ node: SourceNode, _ decoding: inout Decoding) {
            guard let fields = decoding.fields(of: node, .tier), let nameNode = fields["name"],
                let name = decoding.name(nameNode)
            else { return nil }
            self.name = name
            reserve = fields["reserve"].flatMap { decoding.basisPoints($0) }
            holdback = fields["holdback"].flatMap { decoding.basisPoints($0) }
            concurrency = fields["concurrency"].flatMap { decoding.basisPoints($0) }
            tenantShare = fields["tenantShare"].flatMap { decoding.basisPoints($0) }
            for (share, words) in [(concurrency, "a concurrency"), (tenantShare, "a tenant's share")] {
                guard let share, share.value == 0 else { continue }
                decoding.error(
                    .invalidValue, "with \(words) of 0% nothing of the tier \(name.value.quoted) can ever run",
                    at: share.span, suggestion: "write at least `1%`, or leave the key out")
            }
            nearMiss = fields["nearMiss"].flatMap { decoding.basisPoints($0) }
            kept = fields["kept"].flatMap { decoding.basisPoints($0) }
            floor = fields["floor"].flatMap { decoding.basisPoints($0) }
            queue = fields["queue"].flatMap { Queue($0, &decoding) }
            latency = fields["latency"].map { Tier.latency($0, &decoding) } ?? []
            decoding.checkDescription(in: fields)
        }

        private static func latency(
            _ node: SourceNode, _ decoding: inout Decoding
        ) -> [Policy.Tier.LatencyTarget] {
            if case .scalar(let scalar) = node.content {
                decoding.mismatch(
                    "latencies as a mapping", found: node,
                    suggestion: "write \("{ p95: \(scalar.text) }".quoted)")
                return []
            }
            var targets: [(target: Policy.Tier.LatencyTarget, span: SourceSpan)] = []
            for pair in decoding.entries(of: node, "latencies", max: 16) {
                guard let permille = permille(pair.key.text) else {
                    decoding.error(
                        .unknownKey, "a latency has no key \(pair.key.text.quoted)", at: pair.key.span,
                        suggestion: "name a percentile, as in `p50`, `p95`, `p99` or `p99.9`")
                    continue
                }
                guard let below = decoding.duration(pair.value) else { continue }
                targets.append((Policy.Tier.LatencyTarget(permille: permille, below: below.value), pair.value.span))
            }
            targets.sort { $0.target.permille < $1.target.permille }
            for (lower, higher) in zip(targets, targets.dropFirst()) where lower.target.below > higher.target.below {
                decoding.error(
                    .invalidValue, "a higher percentile cannot promise a lower latency", at: higher.span,
                    notes: [Diagnostic.Note("the lower percentile promises more here", at: lower.span)])
            }
            return targets.map(\.target)
        }

        /// The percentile that a key such as `p99` or `p99.9` names, in tenths of a percent.
        private static func permille(_ key: String) -> Int? {
            guard key.hasPrefix("p") else { return nil }
            let number = String(key.dropFirst())
            let permille: Int64? =
                if let (digits, scale) = UnitText.decimal(number) {
                    scale == 10 ? digits : nil
                } else {
                    (try? UnitText.wholeNumber(number)).map { $0 < 100 ? $0 * 10 : 0 }
                }
            guard let permille, (1..<1_000).contains(permille) else { return nil }
            return Int(permille)
        }
    }
}

extension Decoding {
    /// Checks the free text under `description`, which has no meaning for the compiler.
    mutating func checkDescription(in fields: Fields) {
        if let node = fields["description"] { checkDescription(node) }
    }

    /// Checks a free text that has no meaning for the compiler.
    mutating func checkDescription(_ node: SourceNode) {
        _ = text(node, "a description in free text", isLong: true)
    }
}
