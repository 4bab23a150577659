internal import Admission
internal import Console
internal import Gateway
internal import Policy
internal import Vocabulary

/// The quarantine list of the data plane, as the control API tells it.
struct PlaneQuarantine: QuarantineDesk {
    /// What decides.
    let plane: DataPlane

    var quarantines: [Console.QuarantineEntry] {
        plane.abuse.entries.map { entry in
            Console.QuarantineEntry(
                id: entry.id.description, kind: entry.subject.kind.name, name: entry.subject.name,
                action: entry.action.name, stage: entry.stage.name, rule: entry.rule, author: entry.operatorName,
                reason: entry.reason, since: entry.since, until: entry.until)
        }
    }

    func lift(_ id: String, at now: WallTime) -> Bool {
        DecisionID(id).flatMap { plane.abuse.lift($0, at: now) } != nil
    }
}
