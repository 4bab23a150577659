internal import Vocabulary

/// Says what happens to requests that the policy does not know.
struct UnknownWords {
    private let snapshot: Snapshot

    /// Looks at a snapshot.
    init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    /// Whether everything unknown is refused at any time, overload or not.
    var isAlwaysRefused: Bool {
        snapshot.unknown.credential == .block && snapshot.unknown.operation == .block
    }

    /// The treatment in sentences.
    var sentences: [String] {
        let unknown = snapshot.unknown
        let refused = "are refused at any time"
        let quarantined = "are quarantined"
        var sentences = [
            "Callers without a known credential \(unknown.credential == .block ? refused : quarantined).",
            "Requests of known callers that match no operation \(unknown.operation == .block ? refused : quarantined).",
        ]
        if !isAlwaysRefused {
            sentences.append(
                "Everything quarantined, of all callers together, shares \(Wording.rate(unknown.quarantine.rate)), and "
                    + "\(NumberText.grouped(unknown.quarantine.burst)) at once; nothing is kept for it.")
            let cost = snapshot.classificationIndex.unknownCost
            if cost > 1 {
                sentences.append("A request that matches no operation counts as \(NumberText.grouped(cost)).")
            }
        }
        return sentences
    }
}
