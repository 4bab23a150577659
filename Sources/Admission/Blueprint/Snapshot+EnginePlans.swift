internal import Policy

extension Snapshot {
    /// The plans that a request can name by index, in the order of those indices.
    ///
    /// The one place from which blueprints and carrying over take them.
    var plansOfEngine: [Plan] { enginePlans }
}
