internal import Vocabulary

/// Who runs, who waits and who is let go where Headgate holds requests, in sentences.
struct SeatWords {
    private let snapshot: Snapshot

    /// Prepares to speak about a snapshot.
    init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    /// All tiers together.
    var sentences: [String] { [limit, waiting] + leaving + threshold }

    private var threshold: [String] {
        guard snapshot.seats.hasThreshold, !queued.isEmpty, snapshot.seats.waitingMax > 0 else { return [] }
        return [
            "Before work waits in vain, new work is refused, the least protected first, whole tenants by turns, and nothing "
                + "that a reserve covers."
        ]
    }

    private var limit: String {
        switch snapshot.seats.limit {
        case .fixed(let limit):
            "Where Headgate holds requests, \(NumberText.count(limit, "seat", "seats")) can be taken at once."
        case .adaptive(let min, let first, let max):
            "Where Headgate holds requests it finds out how many may run at once by watching how long they take: "
                + "\(NumberText.grouped(first)) seats at first, then between \(NumberText.grouped(min)) and "
                + "\(NumberText.grouped(max))."
        }
    }

    /// The named tiers in which requests may wait.
    private var queued: [Tier] { snapshot.tiers.dropLast().filter { $0.queue != nil } }

    private var waiting: String {
        let waits = queued.compactMap { tier in
            tier.queue.map { "of tier \(tier.name) for at most \(Wording.duration($0.waitMax))" }
        }
        guard !waits.isEmpty, snapshot.seats.waitingMax > 0 else {
            return "None waits: a request that finds no seat free is refused at once."
        }
        return
            "Up to \(NumberText.count(snapshot.seats.waitingMax, "request", "requests")) may wait for seats, those "
            + "\(Wording.list(waits)); others are refused at once when none is free."
    }

    private var leaving: [String] {
        guard let last = queued.last, snapshot.seats.waitingMax > 0 else { return [] }
        let first = queued.count > 1 ? ", beginning with \(last.name)" : ""
        return [
            "When more wait than may, the tenant that has most waiting loses its newest request, in the least protected "
                + "tier in which any wait\(first). Nothing that waits is let go for less protected work."
        ]
    }

    /// What a tier reserves.
    func share(of tier: Int) -> String {
        "\(UnitText.percentage(snapshot.tiers[tier].reserveBasisPoints)) of the seats"
    }

    /// One tier.
    func sentences(of index: Int) -> [String] {
        let tier = snapshot.tiers[index]
        var sentences = reserve(of: tier)
        if let most = tier.concurrencyBasisPoints {
            sentences.append("It may hold at most \(UnitText.percentage(most)) of the seats.")
        }
        if tier.tenantShareBasisPoints < 10_000 {
            let share = UnitText.percentage(tier.tenantShareBasisPoints)
            sentences.append("One tenant may hold at most \(share) of the seats in it.")
        }
        return sentences + (index == 0 ? [] : [floor(of: tier)]) + queue(of: tier)
    }

    private func reserve(of tier: Tier) -> [String] {
        guard tier.reserveBasisPoints > 0 else { return [] }
        let share = "\(UnitText.percentage(tier.reserveBasisPoints)) of the seats are its own"
        switch tier.keptBasisPoints {
        case 10_000: return ["\(share) and lent to nobody."]
        case 0: return ["\(share); what it leaves unused is lent, and comes back with the next ones that are free."]
        default:
            return [
                "\(share); what it leaves unused is lent and comes back with the next ones that are free, but for "
                    + "\(UnitText.percentage(tier.keptBasisPoints)) of them, which are always there."
            ]
        }
    }

    private func floor(of tier: Tier) -> String {
        guard tier.floorBasisPoints > 0 else { return "While more protected work waits, none of it starts." }
        let share = UnitText.percentage(tier.floorBasisPoints)
        return "While more protected work waits, \(share) of what starts is its work all the same."
    }

    private func queue(of tier: Tier) -> [String] {
        guard let queue = tier.queue else { return ["A request of it that finds no seat free is refused at once."] }
        let many = NumberText.count(queue.depthMax, "request", "requests")
        var sentences = ["Up to \(many) may wait for seats, each for at most \(Wording.duration(queue.waitMax))."]
        if queue.tenantDepthMax < queue.depthMax {
            let few = NumberText.count(queue.tenantDepthMax, "request", "requests")
            sentences.append("Of one tenant, up to \(few) may wait.")
        }
        return sentences
    }
}
