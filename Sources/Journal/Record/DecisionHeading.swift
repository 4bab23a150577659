package import Vocabulary

/// The part of a decision that says whether it is kept, known before a record is built.
///
/// Most decisions are plain admits that sampling leaves out; the gateway hands over a heading and builds the record
/// only when asked for it.
package struct DecisionHeading: Hashable, Sendable {
    /// The name of the decision.
    package let id: DecisionID
    /// The class's name.
    package let trafficClass: String?
    /// A number that goes with the class: decisions of classes with different numbers are counted in different places.
    let classHint: Int
    /// What happened to the request.
    package let outcome: Outcome
    /// Why.
    package let reason: Reason
    /// Why enforcement would have refused it, where it would have.
    package let wouldBe: Reason?
    /// Whether a protected lane came too close to its boundary: such a decision is always kept.
    let isNearMiss: Bool

    /// States a heading.
    ///
    /// `classHint` may be any number; the class's index is a good one.
    package init(
        id: DecisionID, trafficClass: String?, classHint: Int = 0, outcome: Outcome, reason: Reason,
        wouldBe: Reason? = nil, isNearMiss: Bool = false
    ) {
        self.id = id
        self.trafficClass = trafficClass
        self.classHint = classHint
        self.outcome = outcome
        self.reason = reason
        self.wouldBe = wouldBe
        self.isNearMiss = isNearMiss
    }

    /// Whether the request simply went on: nothing was short or nearly so, lifted, down or waived.
    ///
    /// `stage_not_enforcing` without anything that would have been refused is plain too: that is how a class that is
    /// only observed looks.
    package var isPlainAdmit: Bool {
        guard case .admit = outcome, wouldBe == nil, !isNearMiss else { return false }
        return switch reason {
        case .withinGuarantee, .borrowed, .withinLimit, .stageNotEnforcing: true
        default: false
        }
    }

    /// Whether one in `interval` sampling keeps this decision; `interval` 1 keeps all, 0 none.
    ///
    /// The choice depends on nothing but the id, so it cannot fall into step with the traffic and every reader can
    /// repeat it. The ids' own bits may be a counter; two multiplications spread them (the finalizer of Appleby's
    /// MurmurHash3).
    ///
    /// - Complexity: O(1).
    package static func isSampled(_ id: DecisionID, oneIn interval: UInt64) -> Bool {
        guard interval > 1 else { return interval == 1 }
        var mixed = UInt64(truncatingIfNeeded: id.bits) ^ UInt64(truncatingIfNeeded: id.bits >> 64)
        mixed = (mixed ^ mixed >> 33) &* 0xff51_afd7_ed55_8ccd  // wraps by definition of the hash
        mixed = (mixed ^ mixed >> 33) &* 0xc4ce_b9fe_1a85_ec53
        mixed ^= mixed >> 33
        return mixed.multipliedFullWidth(by: interval).high == 0
    }
}

extension DecisionRecord {
    /// The part that says whether this record is kept.
    package var heading: DecisionHeading {
        DecisionHeading(
            id: id, trafficClass: trafficClass, outcome: outcome, reason: reason, wouldBe: wouldBe?.reason,
            isNearMiss: !nearMisses.isEmpty)
    }
}
