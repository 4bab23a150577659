internal import Policy

/// What has to be done so that everything is as a file says.
struct ApplyPlan {
    /// What is to be done, in this order.
    var steps: [Step] = []
    /// What stays as it is although the file says otherwise, or nothing of it, and why.
    var notes: [String] = []
    /// What the file wants and cannot have: with any of these nothing is done.
    var obstacles: [String] = []
    /// The entity tags of what was read, by scope.
    var tags: [String: String] = [:]

    /// One change.
    struct Step {
        /// What kind of change.
        let kind: Kind
        /// What is changed: `tenant acme`, `principal acme/web`.
        let subject: String
        /// What of it.
        let members: [Member]
        /// What shares a version with it: the name of a tenant, `platform`, `policy`.
        let scope: String
        /// The call.
        let call: String
        /// What stands in its path.
        let parameters: [String: String]
        /// Its body.
        let body: Policy.JSONValue?

        /// The kinds.
        enum Kind: String {
            case create, change, remove, propose, end
        }

        /// A part of what is changed.
        struct Member {
            /// Its name.
            let name: String
            /// What it is; `nil`: nothing.
            let from: String?
            /// What it becomes; `nil`: nothing.
            let to: String?
        }
    }
}

extension ApplyPlan.Step {
    /// What becomes of it, in lines for people.
    func text(isColoured: Bool) -> String {
        let (sign, colour) =
            switch kind {
            case .create, .propose: ("+", "32")
            case .change: ("~", "33")
            case .remove, .end: ("-", "31")
            }
        let head = "\(sign) \(kind.rawValue) \(subject)"
        let lines = members.map { member in
            switch (member.from, member.to) {
            case (let from?, let to?): "    \(member.name): \(from) → \(to)\n"
            case (nil, let to?): "    \(member.name): \(to)\n"
            case (let from, nil): "    \(member.name): \(from ?? "-") → nothing\n"
            }
        }
        return (isColoured ? "\u{1B}[\(colour)m\(head)\u{1B}[0m\n" : head + "\n") + lines.joined()
    }

    /// The form for scripts; `state` is `planned`, `done`, `failed` or `skipped`.
    func json(state: String, problem: String? = nil) -> Policy.JSONValue {
        .record([
            "change": .string(kind.rawValue), "subject": .string(subject),
            "members": .array(
                members.map { member in
                    .record([
                        "name": .string(member.name), "from": member.from.map { .string($0) },
                        "to": member.to.map { .string($0) },
                    ])
                }), "state": .string(state), "problem": problem.map { .string($0) },
        ])
    }
}

extension ApplyPlan.Step.Member {
    /// The parts that differ; those that are the same on both sides are left out.
    static func differences(_ parts: [(name: String, from: String?, to: String?)]) -> [ApplyPlan.Step.Member] {
        parts.filter { $0.from != $0.to }.map { .init(name: $0.name, from: $0.from, to: $0.to) }
    }
}
