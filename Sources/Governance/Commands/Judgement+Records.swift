/// What is written down of looking, erasing and letting out.
extension Judgement {
    /// The most records that are erased at once.
    private static let erasedCountMax = 1_000

    /// Records that are erased, and why.
    func eraseRecords(_ facts: ErasureFacts) throws(GovernanceRefusal) -> Verdict {
        try check(reason: facts.reason, isNeeded: true)
        guard (1...Judgement.erasedCountMax).contains(facts.sequences.count),
            Set(facts.sequences).count == facts.sequences.count
        else {
            throw GovernanceRefusal(
                .invalid, "1 to \(Judgement.erasedCountMax) records are erased at once, each named once",
                member: "sequences")
        }
        return verdict("audit", .recordsErased(facts))
    }

    /// Somebody who is let out of quarantine, and why.
    func liftQuarantine(_ facts: QuarantineFacts) throws(GovernanceRefusal) -> Verdict {
        try check(reason: facts.reason, isNeeded: true)
        return verdict("quarantine", .quarantineLifted(facts))
    }
}
