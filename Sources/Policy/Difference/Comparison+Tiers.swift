internal import Vocabulary

extension Comparison {
    /// Compares the tiers themselves: what the service and the regions keep for them is compared there.
    mutating func compareTiers() {
        for pair in Comparison.pairs(old.tiers, new.tiers, name: \.name) {
            let subject = Subject(.tier, pair.name)
            guard let first = pair.members.0, let second = pair.members.1, let before = pair.indices.0,
                let after = pair.indices.1
            else {
                let words = [(old, pair.indices.0), (new, pair.indices.1)].map { snapshot, index in
                    index.map { Comparison.position($0, in: snapshot) }
                }
                addPresence(subject, words[0], words[1], .changes)
                continue
            }
            add(
                subject, .position, .text(Comparison.position(before, in: old)),
                .text(Comparison.position(after, in: new)), comparePositions(before, after))
            compareTier(first, second, subject)
        }
    }

    private mutating func compareTier(_ first: Tier, _ second: Tier, _ subject: Subject) {
        let share = { (basisPoints: Int64) in basisPoints == 0 ? Value.none : .share(basisPoints) }
        add(
            subject, .reserveShare, share(first.reserveBasisPoints), share(second.reserveBasisPoints),
            rank: (first.reserveBasisPoints, second.reserveBasisPoints), better: .more)
        add(
            subject, .holdback, share(first.holdbackBasisPoints), share(second.holdbackBasisPoints),
            rank: (first.holdbackBasisPoints, second.holdbackBasisPoints), better: .less)
        let seats = [first, second].map(\.concurrencyBasisPoints)
        add(
            subject, .concurrency, seats[0].map(Value.share) ?? .unlimited, seats[1].map(Value.share) ?? .unlimited,
            rank: (seats[0] ?? .max, seats[1] ?? .max), better: .more)
        compareSeats(first, second, subject)
        compareLatency(first, second, subject)
        compareNearMiss(first.nearMissBasisPoints, second.nearMissBasisPoints, subject)
    }

    private mutating func compareLatency(_ first: Tier, _ second: Tier, _ subject: Subject) {
        for permille in Set((first.latency + second.latency).map(\.permille)).sorted() {
            let targets = [first, second].map { tier in tier.latency.first { $0.permille == permille }?.below }
            add(
                subject, .latency(Comparison.percentile(permille)), targets[0].map(Value.duration) ?? .none,
                targets[1].map(Value.duration) ?? .none,
                rank: (targets[0]?.count ?? .max, targets[1]?.count ?? .max), better: .less)
        }
    }

    /// Compares what is a near miss of the lanes of a tier or a class: what is told of, not what is given.
    mutating func compareNearMiss(_ first: Int64, _ second: Int64, _ subject: Subject) {
        add(subject, .nearMiss, .share(first), .share(second), .changes)
    }

    /// A percentile in tenths of a percent as a policy names it: `p95`, `p99.9`.
    static func percentile(_ permille: Int) -> String { "p" + NumberText.decimal(Int128(permille), scale: 10) }

    private static func position(_ index: Int, in snapshot: Snapshot) -> String {
        "\(index + 1) of \(snapshot.tiers.count)"
    }

    /// Compares the places of one tier by who stands before it.
    private func comparePositions(_ before: Int, _ after: Int) -> Verdict {
        let ahead = (Set(old.tiers[..<before].map(\.name)), Set(new.tiers[..<after].map(\.name)))
        if ahead.1.isStrictSubset(of: ahead.0) { return .gains }
        return ahead.1.isStrictSuperset(of: ahead.0) ? .loses : .changes
    }
}

extension Comparison {
    /// Adds a line if the tier of something differs; `nil` means that it names none.
    mutating func compareTier(_ subject: Subject, _ aspect: Aspect, _ first: Int?, _ second: Int?) {
        let names = (first.map { old.tiers[$0].name }, second.map { new.tiers[$0].name })
        add(
            subject, aspect, names.0.map(Value.text) ?? .none, names.1.map(Value.text) ?? .none,
            tierVerdict(names.0, names.1))
    }

    /// Whether moving from one tier to another protects more or less: by the order of the policies that have both, as
    /// far as they agree.
    func tierVerdict(_ first: String?, _ second: String?) -> Verdict {
        guard let first, let second else { return .changes }
        let verdicts = [old, new].compactMap { snapshot -> Verdict? in
            guard let before = snapshot.tiers.firstIndex(where: { $0.name == first }),
                let after = snapshot.tiers.firstIndex(where: { $0.name == second })
            else { return nil }
            return Comparison.verdict(before, after, better: .less)
        }
        return Comparison.verdict(verdicts)
    }
}
