internal import Vocabulary

extension Comparison {
    /// Compares what happens to requests that the policies do not know.
    mutating func compareUnknown() {
        let subject = Subject(.unknown)
        let (first, second) = (old.unknown, new.unknown)
        add(
            subject, .credential, .text(first.credential.word), .text(second.credential.word),
            rank: (first.credential.rawValue, second.credential.rawValue), better: .more)
        add(
            subject, .operation, .text(first.operation.word), .text(second.operation.word),
            rank: (first.operation.rawValue, second.operation.rawValue), better: .more)
        addCount(subject, .cost, first.cost, second.cost, better: .less)
        addLimit(subject, .quarantine, first.quarantine.rate, second.quarantine.rate)
        addCount(subject, .quarantineBurst, first.quarantine.burst, second.quarantine.burst)
    }
}

extension UnknownTreatment.Treatment {
    /// The word that policies use.
    var word: String { self == .block ? "block" : "quarantine" }
}
