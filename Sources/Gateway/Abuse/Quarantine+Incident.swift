internal import Admission
internal import Journal
internal import Policy
internal import Vocabulary

extension IncidentRecord {
    /// A line about an entry of the list.
    init(_ entry: Quarantine, _ event: Event, at wall: WallTime) {
        self.init(
            id: entry.id, event: event, wall: wall, kind: entry.subject.kind.name, subject: entry.subject.name,
            action: entry.action.name, stage: entry.stage.name, rule: entry.rule, operatorName: entry.operatorName,
            reason: entry.reason, evidence: entry.evidence.text, until: entry.until, sparedTiers: entry.sparedTiers,
            sparedClasses: entry.sparedClasses)
    }
}

extension Quarantine {
    /// The entry that a line was about; `nil` if it says something that this version does not know.
    init?(_ record: IncidentRecord) {
        guard let kind = AbuseRule.SubjectKind.allCases.first(where: { $0.name == record.kind }),
            let subject = Subject(kind: kind, name: record.subject),
            let action = AbuseRule.Action.allCases.first(where: { $0.name == record.action }), action != .report,
            let stage = Stage.allCases.first(where: { $0.name == record.stage })
        else { return nil }
        let numbers = record.evidence.split(separator: " ").compactMap { part -> Evidence.Number? in
            let pair = part.split(separator: "=")
            guard pair.count == 2, let value = Int64(pair[1]) else { return nil }
            return Evidence.Number(String(pair[0]), value)
        }
        self.init(
            id: record.id, subject: subject, action: action, stage: stage, rule: record.rule,
            operatorName: record.operatorName, reason: record.reason, evidence: Evidence(numbers), since: record.wall,
            until: record.until, sparedTiers: record.sparedTiers, sparedClasses: record.sparedClasses)
    }
}
