package import Policy

/// The names of things outside that a directory uses, each once, with the place where it stands first.
///
/// A directory and a policy are two files that two people change. When they are brought together, a name that the
/// policy does not know is one problem, however many tenants have it.
package struct Mentions: Sendable {
    /// The plans of tenants.
    package private(set) var plans: [Mention] = []
    /// The regions that tenants may use.
    package private(set) var regions: [Mention] = []
    /// The classes that principals may claim.
    package private(set) var classes: [Mention] = []
    /// The fingerprints of the secrets under which keys are hashed.
    package private(set) var secrets: [Mention] = []

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
        /// The fingerprint of a secret.
        case secret
    }

    /// Nothing is named yet.
    init() {}

    /// What a directory names of a policy that stands in no file: all of it is at one place.
    ///
    /// - Complexity: O(n).
    init(of contents: DirectoryContents) {
        let place = SourceSpan(file: 0, line: 1, column: 1, length: 0)
        for tenant in contents.tenants {
            note(.plan, Located(tenant.plan, at: place))
            for assignment in tenant.assignments { note(.plan, Located(assignment.plan, at: place)) }
            for region in tenant.regions ?? [] { note(.region, Located(region, at: place)) }
        }
        for principal in contents.principals {
            for name in principal.classes { note(.trafficClass, Located(name, at: place)) }
        }
    }

    /// Notes where a name stands.
    ///
    /// - Complexity: O(1).
    mutating func note(_ topic: Topic, _ name: Located<String>) {
        if let place = places[topic]?[name.value] {
            self[topic][place].count += 1
        } else {
            places[topic, default: [:]][name.value] = self[topic].count
            self[topic].append(Mention(name: name.value, span: name.span, count: 1))
        }
    }

    private subscript(topic: Topic) -> [Mention] {
        get {
            switch topic {
            case .plan: plans
            case .region: regions
            case .trafficClass: classes
            case .secret: secrets
            }
        }
        _modify {
            switch topic {
            case .plan: yield &plans
            case .region: yield &regions
            case .trafficClass: yield &classes
            case .secret: yield &secrets
            }
        }
    }
}
