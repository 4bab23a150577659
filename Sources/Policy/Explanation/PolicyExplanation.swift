internal import Vocabulary

/// A policy in plain sentences, made from its snapshot and from nothing else.
package struct PolicyExplanation: Sendable {
    /// What is said about each thing: the policy, the service and the regions, the seats, tiers, classes, operations,
    /// plans, the domains of descriptors, what repeats an idempotency key, what the policy does not know, what looks
    /// like abuse, health, and what grants may be.
    package let sections: [Section]
    /// The policy and its version.
    private let title: String

    /// Everything that is said about one thing.
    package struct Section: Hashable, Sendable {
        /// What kind of thing: `tier`.
        package let kind: String
        /// Its name; `nil` where there is only one.
        package let name: String?
        /// What is said.
        package let sentences: [String]
    }

    /// Explains a policy.
    ///
    /// - Complexity: O(n) in what the snapshot holds, plus plans × (classes + operations).
    package init(_ snapshot: Snapshot) {
        let narrator = Narrator(snapshot, OperationPlacements(snapshot))
        title = "Policy \(snapshot.name), version \(snapshot.version)"
        sections =
            [narrator.policy, narrator.service] + narrator.regions + [narrator.seats] + narrator.tiers
            + narrator.classes + narrator.operations + narrator.plans + narrator.domains
            + [narrator.repeats, narrator.unknown] + narrator.abuse + narrator.health
            + narrator.governance
    }

    /// The explanation for people, in lines of at most 120 characters.
    package var text: String {
        var lines = TextLayout.wrap(title)
        for section in sections {
            lines += ["", Wording.sentence(section.title)]
            for sentence in section.sentences { lines += TextLayout.wrap(sentence, first: "  ", rest: "  ") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The explanation for programs; keys and their order are stable.
    package var json: JSONValue {
        .record(["title": .string(title), "sections": .array(sections.map(\.json))])
    }
}

extension PolicyExplanation.Section {
    /// The thing: `tier critical`.
    fileprivate var title: String { [kind, name].compactMap(\.self).joined(separator: " ") }

    fileprivate var json: JSONValue {
        .record(["kind": .string(kind), "name": name.map { .string($0) }, "sentences": .strings(sentences)])
    }
}
