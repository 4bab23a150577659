internal import Vocabulary

extension DecisionStory {
    /// A labelled fact.
    struct Fact {
        /// What it is about; aligned in a column of its own.
        let label: String
        /// What is known, one paragraph each.
        let paragraphs: [String]

        /// The fact on lines of at most this width.
        func lines(width: Int) -> [String] {
            let indentation = String(repeating: " ", count: 12)
            let texts = paragraphs.flatMap { $0.wrapped(width: width - indentation.count) }
            return texts.enumerated().map { position, text in
                position == 0 ? "  " + label.padded(to: 10) + text : indentation + text
            }
        }
    }

    /// Who asked for what, when, and how it was looked at.
    var facts: [Fact] {
        var facts = [
            Fact(label: "Decision", paragraphs: [record.id.description]), Fact(label: "When", paragraphs: [when]),
            Fact(label: "Who", paragraphs: [who]), Fact(label: "What", paragraphs: [what]),
            Fact(label: "Taken as", paragraphs: classification), Fact(label: "Stage", paragraphs: [stage]),
            Fact(label: "Policy", paragraphs: policyParagraphs),
        ]
        if let pace { facts.append(Fact(label: "Pace", paragraphs: [pace])) }
        if !record.activeClasses.isEmpty {
            facts.append(
                Fact(label: "Meanwhile", paragraphs: ["active: " + record.activeClasses.joined(separator: ", ")]))
        }
        return facts
    }

    private var when: String {
        let held = record.wait > .zero ? ", held in a queue for \(record.wait.inWords)" : ""
        return "\(record.wall.description)\(held), decided in \(record.duration.inWords)"
    }

    private var who: String {
        let credential = record.credentialHint.map { "credential \($0)" }
        guard let tenant = record.tenant else {
            return "nobody that the directory knows" + (credential.map { ", \($0)" } ?? "")
        }
        return ["tenant \(tenant)", record.principal.map { "principal \($0)" }, credential].compactMap(\.self)
            .joined(separator: ", ")
    }

    private var what: String {
        let region = record.region.map { " in region \($0)" } ?? ""
        return "\(call)\(region), cost \(record.cost), asked through \(record.source.code)"
    }

    /// Method and path; a caller of the check call may name the operation instead.
    private var call: String {
        guard record.method.isEmpty else { return "\(record.method) \(record.path)" }
        return record.operation.map { "operation \($0), by its name" } ?? "a call that was not named"
    }

    private var classification: [String] {
        let operation = record.operation.map { "operation \($0)" } ?? "no operation of the policy"
        let trafficClass = record.trafficClass.map { "class \($0)" } ?? "no class"
        return ["\(operation), \(trafficClass), tier \(record.tier)", classificationReason]
    }

    private var classificationReason: String {
        guard let claim = record.claim else {
            return record.trafficClass == nil
                ? "Nobody claimed a class, and nothing gave it one."
                : "Nobody claimed a class: operation and principal decided, else the policy's default."
        }
        return claim.isHonoured
            ? "The caller claimed class \(claim.trafficClass), which its principal may claim: the claim holds."
            : "The caller claimed class \(claim.trafficClass), which its principal may not claim: the request was "
                + "taken as if nothing had been claimed."
    }

    private var stage: String {
        switch record.stage {
        case .observe: "observe: the class is counted only, no refusal takes effect"
        case .shadow: "shadow: what enforcement would say is recorded, no refusal takes effect"
        case .advise: "advise: the caller is told what enforcement would say, no refusal takes effect"
        case .enforce: "enforce: what was decided was done"
        }
    }

    private var policyParagraphs: [String] {
        let summary = policy?.summary ?? ""
        return ["\(record.policyName)", "version \(record.policyVersion)"] + (summary.isEmpty ? [] : [summary])
    }

    /// What the caller was told about pacing itself.
    private var pace: String? {
        var parts: [String] = []
        if let limit = record.limit { parts.append("limit \(limit)") }
        if let remaining = record.remaining { parts.append("\(remaining) left") }
        if let retryAfter = record.retryAfter { parts.append("try again after \(retryAfter.inWords)") }
        if let fullAfter = record.fullAfter { parts.append("full again after \(fullAfter.inWords)") }
        guard !parts.isEmpty else { return nil }
        return parts.joined(separator: ", ") + (record.decidingBudget.map { " (\($0.name))" } ?? "")
    }
}
