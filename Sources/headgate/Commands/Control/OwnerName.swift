internal import ArgumentParser

/// Whose principals and keys a command is about: those of a tenant, or of the platform.
struct OwnerName: ExpressibleByArgument {
    /// The tenant, or `platform`, which no tenant is called.
    let name: String

    /// Reads a name.
    init?(argument: String) {
        guard !argument.isEmpty, !argument.contains("/") else { return nil }
        name = argument
    }

    /// Whether it is the platform.
    var isPlatform: Bool { name == "platform" }
    /// What stands in the path.
    var parameters: [String: String] { isPlatform ? [:] : ["tenant": name] }

    /// The call about this owner: the table has one for tenants and one for the platform.
    func call(_ id: String) -> String { id + (isPlatform ? "OfPlatform" : "OfTenant") }

    /// The calls about any owner.
    static func calls(_ ids: String...) -> [String] { ids.flatMap { [$0 + "OfTenant", $0 + "OfPlatform"] } }
}

/// A principal, as `acme/web` or `platform/gateway`.
struct PrincipalPath: ExpressibleByArgument {
    /// Whose it is.
    let owner: OwnerName
    /// Its name.
    let name: String

    /// Reads an owner and a name.
    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[1].isEmpty, let owner = OwnerName(argument: parts[0]) else { return nil }
        self.owner = owner
        name = parts[1]
    }

    /// What stands in the path.
    var parameters: [String: String] { owner.parameters.merging(["principal": name]) { $1 } }
}
