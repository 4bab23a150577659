package import Vocabulary

/// One line of the record of suspected abuse: somebody was quarantined, reported, let go, or their time was over.
///
/// Words and numbers only, so that it can be read whatever has become of the policy since.
package struct IncidentRecord: Hashable, Sendable {
    /// The name of the quarantine, the same in all lines about it.
    package var id: DecisionID
    /// What happened.
    package var event: Event
    /// When.
    package var wall: WallTime
    /// What kind of subject: `key`, `tenant`, `address`, `prefix`; `health` for the system behind.
    package var kind: String
    /// The subject's name.
    package var subject: String
    /// What happens to its requests: `cool-down`, `quarantine`, `challenge`, `block`, `report`; which
    /// ceiling holds after a change of health.
    package var action: String
    /// `enforce`, or `shadow`.
    package var stage: String
    /// The rule; `nil`: done by hand.
    package var rule: String?
    /// Who did it by hand.
    package var operatorName: String?
    /// Why.
    package var reason: String
    /// The numbers that spoke for it: `requests=512 mean_per_window=20`.
    package var evidence: String
    /// Until when it holds.
    package var until: WallTime
    /// Names of tiers whose work goes on.
    package var sparedTiers: [String]
    /// Names of classes whose work goes on.
    package var sparedClasses: [String]

    /// What can happen.
    package enum Event: String, CaseIterable, Sendable {
        /// It was put into the list.
        case quarantined
        /// It was noticed, and nothing else.
        case reported
        /// Somebody took it out of the list.
        case lifted
        /// Another entry took its place.
        case replaced
        /// Its time was over.
        case expired
        /// The health of the system behind has changed, or how far down work is let in.
        case changed
    }

    /// States a line.
    package init(
        id: DecisionID, event: Event, wall: WallTime, kind: String, subject: String, action: String, stage: String,
        rule: String?, operatorName: String?, reason: String, evidence: String, until: WallTime,
        sparedTiers: [String] = [], sparedClasses: [String] = []
    ) {
        self.id = id
        self.event = event
        self.wall = wall
        self.kind = kind
        self.subject = subject
        self.action = action
        self.stage = stage
        self.rule = rule
        self.operatorName = operatorName
        self.reason = reason
        self.evidence = evidence
        self.until = until
        self.sparedTiers = sparedTiers
        self.sparedClasses = sparedClasses
    }
}
