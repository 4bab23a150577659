/// An authenticated caller: one application, worker or service identity.
package struct Principal: Hashable, Sendable {
    /// Whom it belongs to.
    package var owner: Owner
    /// The name, unique under its owner.
    package var name: String
    /// The classes it may claim, by name; the first is its class when it claims none.
    package var classes: [String]
    /// Attributes that it may state itself, where the calling proxy is not trusted to.
    package var attributes: [String]
    /// What it is, in its owner's words.
    package var summary: String?
    /// Its keys, the oldest first by custom.
    package var keys: [APIKey]

    /// Whom a principal belongs to.
    package enum Owner: Hashable, Sendable {
        /// A tenant, by name: the principal spends that tenant's budgets.
        case tenant(String)
        /// The platform: a gateway or a tool that acts for no tenant of its own.
        case platform
    }

    /// States a principal.
    package init(
        owner: Owner, name: String, classes: [String] = [], attributes: [String] = [], summary: String? = nil,
        keys: [APIKey] = []
    ) {
        self.owner = owner
        self.name = name
        self.classes = classes
        self.attributes = attributes
        self.summary = summary
        self.keys = keys
    }

    /// The name that people read: `acme/web`, `platform/gateway`.
    package var qualifiedName: String { "\(owner.label)/\(name)" }
}

extension Principal.Owner {
    /// The tenant's name, or `platform`, which no tenant may have as its name.
    package var label: String {
        switch self {
        case .tenant(let name): name
        case .platform: "platform"
        }
    }
}
