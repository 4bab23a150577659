extension OverloadExplanation {
    /// The explanation for people, in lines of at most 120 characters: the sentence first.
    package var text: String {
        var lines = TextLayout.wrap(sentence)
        lines += [""] + TextLayout.wrap(title)
        for tier in tiers { lines += words(of: tier) }
        lines += ["", "What gives way, and when"]
        for (number, step) in steps.enumerated() {
            let members = step.members.isEmpty ? "no operation" : Wording.list(step.members)
            lines += TextLayout.wrap("\(step.tier): \(members)", first: "  \(number + 1). ", rest: "     ")
            for sentence in step.sentences { lines += TextLayout.wrap(sentence, first: "     ", rest: "     ") }
        }
        lines += ["", "Who waits, and who is let go first"]
        for sentence in seats { lines += TextLayout.wrap(sentence, first: "  ", rest: "  ") }
        if !keeps.isEmpty { lines += ["", "What each protected class keeps inside a tenant"] + keepLines }
        if !caveats.isEmpty { lines += ["", "What this does not promise"] }
        for caveat in caveats { lines += TextLayout.wrap(caveat, first: "  - ", rest: "    ") }
        return lines.joined(separator: "\n") + "\n"
    }

    private func words(of tier: ProtectedTier) -> [String] {
        var lines = ["", "Kept for tier \(tier.name)"]
        for reserve in tier.reserves {
            lines += TextLayout.wrap(
                "\(Wording.rate(reserve.rate)) \(reserve.place), \(NumberText.grouped(reserve.burst)) at once",
                first: "  ", rest: "  ")
        }
        if let seats = tier.seats { lines += TextLayout.wrap(seats, first: "  ", rest: "  ") }
        for member in tier.members + ClassWork(tier.classes).words {
            lines += TextLayout.wrap(member, first: "  - ", rest: "    ")
        }
        return lines
    }

    private var keepLines: [String] {
        let heads = keeps.map { "\($0.trafficClass) in plan \($0.plan)" }
        let width = min(48, heads.map(\.count).max() ?? 0)
        let rest = String(repeating: " ", count: width + 4)
        return zip(heads, keeps).flatMap { head, keep in
            head.count <= width
                ? TextLayout.wrap(keep.words, first: "  " + TextLayout.padded(head, to: width + 2), rest: rest)
                : TextLayout.wrap(head, first: "  ", rest: "  ") + TextLayout.wrap(keep.words, first: rest, rest: rest)
        }
    }
}
