package import Vocabulary

/// One traffic class: a kind of work inside a tenant.
package struct TrafficClass: Hashable, Sendable {
    /// The name.
    package let name: String
    /// The tier of its work where the operation does not say otherwise; an index into `Snapshot.tiers`.
    package let tier: Int
    /// What it costs the business when this work is refused.
    package let consequence: Consequence
    /// Who answers for it.
    package let owner: String
    /// Whether the lane neither borrows nor lends.
    package let isolated: Bool
    /// Whether only principals that list the class may do its work.
    package let governed: Bool
    /// Whether the answer to a refusal says at which rate to go on.
    package let advertisesBackoff: Bool
    /// Classes with which this one must never drain one pool; indices into `Snapshot.classes`.
    package let mustNotCompete: [Int]
    /// What its workers do when it is limited.
    package let onLimit: OnLimit?
    /// The stage outside blackout windows.
    package let stage: Stage
    /// Windows in which a milder stage holds.
    package let blackouts: [Blackout]
    /// The share of its guarantee, in hundredths of a percent, of which less than that left is a near miss.
    package let nearMissBasisPoints: Int64

    /// The answer to "if this work is limited anyway, what happens next?".
    package struct OnLimit: Hashable, Sendable {
        /// Wait this long, then try again.
        package let reschedule: Nanoseconds?
        /// After being limited for this long, a person is told.
        package let escalateAfter: Nanoseconds?
        /// What else happens, in the owner's words.
        package let fallback: String?

        /// States the answer.
        package init(reschedule: Nanoseconds? = nil, escalateAfter: Nanoseconds? = nil, fallback: String? = nil) {
            self.reschedule = reschedule
            self.escalateAfter = escalateAfter
            self.fallback = fallback
        }
    }

    /// A weekly window in which a milder stage holds.
    package struct Blackout: Hashable, Sendable {
        /// The first minute of the week (Monday 00:00 UTC is 0) inside the window.
        package let startMinute: Int
        /// The first minute after it; smaller than `startMinute` if the window crosses Sunday's midnight.
        package let endMinute: Int
        /// The stage that holds inside.
        package let stage: Stage

        /// States a window.
        package init(startMinute: Int, endMinute: Int, stage: Stage) {
            self.startMinute = startMinute
            self.endMinute = endMinute
            self.stage = stage
        }

        /// Whether a minute of the week lies inside.
        package func contains(minuteOfWeek minute: Int) -> Bool {
            startMinute <= endMinute
                ? minute >= startMinute && minute < endMinute : minute >= startMinute || minute < endMinute
        }
    }

    /// States a class.
    package init(
        name: String, tier: Int, consequence: Consequence, owner: String, isolated: Bool = false,
        governed: Bool = false, advertisesBackoff: Bool = false, mustNotCompete: [Int] = [], onLimit: OnLimit? = nil,
        stage: Stage = .enforce, blackouts: [Blackout] = [], nearMissBasisPoints: Int64 = Tier.nearMissStandard
    ) {
        self.name = name
        self.tier = tier
        self.consequence = consequence
        self.owner = owner
        self.isolated = isolated
        self.governed = governed
        self.advertisesBackoff = advertisesBackoff
        self.mustNotCompete = mustNotCompete
        self.onLimit = onLimit
        self.stage = stage
        self.blackouts = blackouts
        self.nearMissBasisPoints = nearMissBasisPoints
    }

    /// The stage that holds at a moment: the mildest of the windows that contain it, else the class's own.
    ///
    /// - Complexity: O(blackouts); no calendar arithmetic when there are none.
    package func stage(at wall: WallTime) -> Stage {
        guard !blackouts.isEmpty else { return stage }
        let minute = wall.minuteOfWeek
        var effective = stage
        for blackout in blackouts where blackout.contains(minuteOfWeek: minute) {
            effective = min(effective, blackout.stage)
        }
        return effective
    }
}
