package import Admission
package import Directory
package import Policy
internal import Vocabulary

/// Everything that a request is decided by, as one reference: policy, directory and the engine's view of the policy.
///
/// Never changed; a reload makes another one. A request uses one state from start to end.
package final class DataPlaneState: Sendable {
    /// The directory, resolved against the policy.
    package let binding: DirectoryBinding
    /// The policy as the engine knows it.
    package let blueprint: Blueprint
    /// The region this server stands in, an index into the policy's regions; -1: none.
    package let homeRegion: Int
    /// How the budgets of its plans are shown in header fields.
    let labels: BudgetLabels
    /// The header fields that say nothing but what stands in its policy.
    let lines: PolicyLines
    /// Where the lanes of its budgets come too close to their boundaries.
    let boundaries: LaneBoundaries
    /// Where the calendar of each of the engine's plans is from.
    private let zones: [CalendarZone]
    /// The stage of each class at any time; `nil` for those that have blackouts.
    private let stages: [Stage?]

    /// Joins the three.
    ///
    /// - Precondition: binding and blueprint were made from the same snapshot.
    package init(binding: DirectoryBinding, blueprint: Blueprint, homeRegion: String?) {
        precondition(binding.policy === blueprint.snapshot, "one snapshot for all")
        self.binding = binding
        self.blueprint = blueprint
        labels = BudgetLabels(blueprint.snapshot)
        lines = PolicyLines(blueprint.snapshot)
        boundaries = LaneBoundaries(blueprint.snapshot)
        zones = blueprint.snapshot.enginePlans.map(\.zone)
        stages = blueprint.snapshot.classes.map { $0.blackouts.isEmpty ? $0.stage : nil }
        self.homeRegion = blueprint.snapshot.regions.firstIndex { $0.name == homeRegion } ?? -1
    }

    /// The policy.
    package var policy: Snapshot { blueprint.snapshot }

    /// Where the calendar of a plan is from, an index into the policy's `enginePlans`; -1: nobody is known.
    @inline(__always)
    func zone(ofPlan plan: Int) -> CalendarZone { plan < 0 ? .utc : zones[plan] }

    /// The stage that holds for a class at a moment.
    func stage(ofClass index: Int, at wall: WallTime) -> Stage {
        stages[index] ?? policy.classes[index].stage(at: wall)
    }
}
