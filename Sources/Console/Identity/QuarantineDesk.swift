package import Vocabulary

/// The quarantine list of the server's data plane, for operators.
package protocol QuarantineDesk: Sendable {
    /// Who is in quarantine, oldest first.
    var quarantines: [QuarantineEntry] { get }
    /// Lets somebody out.
    ///
    /// - Returns: whether there was such an entry.
    func lift(_ id: String, at now: WallTime) -> Bool
}

/// Somebody in quarantine.
package struct QuarantineEntry: Hashable, Sendable {
    /// Its id.
    package let id: String
    /// What kind of subject.
    package let kind: String
    /// The subject's name.
    package let name: String
    /// What happens to its requests.
    package let action: String
    /// The stage of the rule: whether it happens, or only would.
    package let stage: String
    /// The rule that has found it, unless somebody put it there by hand.
    package let rule: String?
    /// Who put it there by hand.
    package let author: String?
    /// Why.
    package let reason: String
    /// Since when.
    package let since: WallTime
    /// Until when.
    package let until: WallTime

    /// States an entry.
    package init(
        id: String, kind: String, name: String, action: String, stage: String, rule: String?, author: String?,
        reason: String, since: WallTime, until: WallTime
    ) {
        self.id = id
        self.kind = kind
        self.name = name
        self.action = action
        self.stage = stage
        self.rule = rule
        self.author = author
        self.reason = reason
        self.since = since
        self.until = until
    }
}
