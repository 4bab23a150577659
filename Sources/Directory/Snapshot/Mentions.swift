package import Policy

/// The names of things outside that a directory uses, each once, with the place where it stands first.
///
/// A directory and a policy are two files that two people change. When they are brought together, a name that the
/// policy does not know is one problem, however many tenants have it.
package struct Mentions: Sendable {
    private var names: [Topic: Names] = [:]

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

    /// The names of one topic.
    fileprivate struct Names {
        var mentions: [Mention] = []
        var places: [String: Int] = [:]
        /// Where the name of the last look stands: neighbours often have the same plan.
        var last = 0
    }

    /// Nothing is named yet.
    init() {}

    /// The plans of tenants.
    package var plans: [Mention] { self[.plan] }
    /// The regions that tenants may use.
    package var regions: [Mention] { self[.region] }
    /// The classes that principals may claim.
    package var classes: [Mention] { self[.trafficClass] }
    /// The fingerprints of the secrets under which keys are hashed.
    package var secrets: [Mention] { self[.secret] }

    private subscript(topic: Topic) -> [Mention] { names[topic]?.mentions.filter { $0.count > 0 } ?? [] }

    /// Notes where a name stands.
    ///
    /// - Complexity: O(1).
    mutating func note(_ topic: Topic, _ name: Located<String>) {
        names[topic, default: Names()].note(name)
    }

    /// Notes what a tenant names that stands in no file: all of it is at one place.
    mutating func note(_ tenant: Tenant) { each(of: tenant) { $0.note($1, Located($2, at: Mentions.nowhere)) } }

    /// Notes what a principal names.
    mutating func note(_ principal: Principal) {
        for name in principal.classes { note(.trafficClass, Located(name, at: Mentions.nowhere)) }
    }

    /// Takes back what a tenant named.
    mutating func forget(_ tenant: Tenant) { each(of: tenant) { $0.names[$1]?.forget($2) } }

    /// Takes back what a principal named.
    mutating func forget(_ principal: Principal) {
        for name in principal.classes { names[.trafficClass]?.forget(name) }
    }

    private static let nowhere = SourceSpan(file: 0, line: 1, column: 1, length: 0)

    private mutating func each(of tenant: Tenant, _ body: (inout Mentions, Topic, String) -> Void) {
        body(&self, .plan, tenant.plan)
        for assignment in tenant.assignments { body(&self, .plan, assignment.plan) }
        for region in tenant.regions ?? [] { body(&self, .region, region) }
    }
}

extension Mentions.Names {
    /// Counts one more mention of a name.
    mutating func note(_ name: Located<String>) {
        if let place = place(of: name.value) {
            mentions[place].count += 1
        } else {
            places[name.value] = mentions.count
            mentions.append(Mentions.Mention(name: name.value, span: name.span, count: 1))
        }
    }

    /// Counts one mention less.
    mutating func forget(_ name: String) {
        guard let place = place(of: name) else { return }
        mentions[place].count -= 1
    }

    private mutating func place(of name: String) -> Int? {
        if last < mentions.count, mentions[last].name == name { return last }
        guard let place = places[name] else { return nil }
        last = place
        return place
    }
}
