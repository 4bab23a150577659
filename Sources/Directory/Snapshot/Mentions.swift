package import Policy

/// The names of a policy's things that a directory uses, each once, with the place where it stands first.
///
/// A directory and a policy are two files that two people change. When they are brought together, a name that the policy
/// does not know is one problem, however many tenants have it.
package struct Mentions: Sendable {
    /// The plans of tenants.
    package private(set) var plans: [Mention] = []
    /// The regions that tenants may use.
    package private(set) var regions: [Mention] = []
    /// The classes that principals may claim.
    package private(set) var classes: [Mention] = []

    private var places: [Topic: [String: Int]] = [:]

    /// A name and its first place.
    package struct Mention: Hashable, Sendable {
        /// The name.
        package let name: String
        /// Where it stands first.
        package let span: SourceSpan
        /// How often it stands in the directory.
        package internal(set) var count: Int
    }

    /// What is named.
    enum Topic: UInt8, Hashable {
        /// A plan.
        case plan
        /// A region.
        case region
        /// A class.
        case trafficClass
    }

    /// Nothing is named yet.
    package init() {}

    /// Notes that a name stands at a place.
    ///
    /// - Complexity: O(1).
    mutating func note(_ topic: Topic, _ name: String, at span: SourceSpan) {
        if let place = places[topic]?[name] {
            self[topic][place].count += 1
        } else {
            places[topic, default: [:]][name] = self[topic].count
            self[topic].append(Mention(name: name, span: span, count: 1))
        }
    }

    private subscript(topic: Topic) -> [Mention] {
        get {
            switch topic {
            case .plan: plans
            case .region: regions
            case .trafficClass: classes
            }
        }
        _modify {
            switch topic {
            case .plan: yield &plans
            case .region: yield &regions
            case .trafficClass: yield &classes
            }
        }
    }
}
