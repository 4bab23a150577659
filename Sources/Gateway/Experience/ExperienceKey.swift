internal import Policy

/// What latencies are counted by: tier, class and operation, as indices into one policy; -1 where there is none.
struct ExperienceKey: Hashable, Sendable {
    /// The tier.
    let tier: Int32
    /// The class.
    let trafficClass: Int32
    /// The operation.
    let operation: Int32

    /// What stands for classes and operations that share a series because there are too many.
    private static let others: Int32 = -2

    /// States a key.
    init(tier: Int, trafficClass: Int, operation: Int) {
        self.init(tier: Int32(tier), trafficClass: Int32(trafficClass), operation: Int32(operation))
    }

    private init(tier: Int32, trafficClass: Int32, operation: Int32) {
        self.tier = tier
        self.trafficClass = trafficClass
        self.operation = operation
    }

    /// The series that all of a tier share for which there is no room.
    var overflowing: ExperienceKey {
        ExperienceKey(tier: tier, trafficClass: ExperienceKey.others, operation: ExperienceKey.others)
    }

    /// The names under a policy.
    func names(in policy: Snapshot) -> ExperienceSeries {
        func name(_ index: Int32, _ find: (Int) -> String) -> String {
            index >= 0 ? find(Int(index)) : index == -1 ? Decision.noName : ExperienceSeries.others
        }
        return ExperienceSeries(
            tier: name(tier) { policy.tiers[$0].name }, trafficClass: name(trafficClass) { policy.classes[$0].name },
            operation: name(operation) { policy.operations[$0].name })
    }
}

/// What latencies are shown by: names, which outlive a policy.
package struct ExperienceSeries: Hashable, Comparable, Sendable {
    /// The tier's name.
    package let tier: String
    /// The class's name; `others` where there were too many.
    package let trafficClass: String
    /// The operation's name; `none` where the policy knows none, `others` where there were too many.
    package let operation: String

    /// The name of what shares a series because there are too many.
    static let others = "others"

    /// The series that all of its tier share for which there is no room.
    var overflowing: ExperienceSeries {
        ExperienceSeries(tier: tier, trafficClass: ExperienceSeries.others, operation: ExperienceSeries.others)
    }

    package static func < (left: ExperienceSeries, right: ExperienceSeries) -> Bool {
        (left.tier, left.trafficClass, left.operation) < (right.tier, right.trafficClass, right.operation)
    }
}
