internal import Policy

/// Reads the tree of a directory's file.
///
/// ```yaml
/// headgate-directory: 1
///
/// tenants:
///   acme:
///     plan: enterprise
///     principals:
///       web:
///         classes: [interactive]
///         keys:
///           - { id: k_7Q2M9X4C8H1V, hash: "hmac-sha256:…", created: 2026-11-21T00:00:00Z }
///   small-co: { plan: starter, regions: [eu-west-1] }
///
/// platform:
///   gateway: { description: the edge proxies }
/// ```
///
/// Principals stand under their tenant: a name cannot point to a tenant that is not there, and a change to one
/// customer is one hunk of a diff.
struct DirectoryReader {
    /// What the tree says, as far as it can be read.
    var contents = DirectoryContents()
    /// Where names of things outside stand.
    var mentions = Mentions()
    /// Takes values out of the tree and collects what is wrong.
    var decoding = Decoding()
    /// Where each id of a key stands first.
    var keyIDs: [String: SourceSpan] = [:]
    /// Where each hash of a key stands first.
    var keyHashes: [KeyHash: SourceSpan] = [:]

    /// The version of the format that is read.
    static let version = "1"

    private static let shape = MappingShape(
        "a directory", required: ["headgate-directory"], optional: ["tenants", "platform"])
    private static let tenantShape = MappingShape(
        "a tenant", required: ["plan"], optional: ["segment", "regions", "sandbox", "suspended", "principals"])

    /// Reads the root.
    mutating func read(_ root: SourceNode) {
        guard !reportPolicy(root), let fields = decoding.fields(of: root, Self.shape) else { return }
        if let version = fields["headgate-directory"] {
            _ = decoding.choice(version, "a version of the format that is read here", [(Self.version, ())])
        }
        if let tenants = fields["tenants"] {
            for pair in decoding.entries(of: tenants, "tenants", max: .max) { readTenant(pair) }
        }
        if let principals = fields["platform"] { readPrincipals(principals, of: .platform) }
    }

    /// Whether the file is a policy, which somebody gave in the place of a directory; if so, that is all there is to
    /// say.
    private mutating func reportPolicy(_ root: SourceNode) -> Bool {
        guard case .mapping(let pairs) = root.content, !pairs.contains(where: { $0.key.text == "headgate-directory" }),
            let policy = pairs.first(where: { $0.key.text == "headgate" })
        else { return false }
        decoding.error(
            .missingKey, "this is a policy, not a directory", at: policy.key.span,
            suggestion: "a directory begins with `headgate-directory: \(Self.version)`")
        return true
    }

    private mutating func readTenant(_ pair: SourceNode.Pair) {
        let hasName = check(name: pair.key, mayBePlatform: false)
        guard let fields = decoding.fields(of: pair.value, Self.tenantShape, owner: pair.key.span) else { return }
        var tenant = Tenant(name: pair.key.text, plan: "")
        if let node = fields["plan"], let plan = decoding.name(node) {
            tenant.plan = plan.value
            mentions.note(.plan, plan)
        }
        tenant.segment = fields["segment"].flatMap { decoding.text($0, "a segment like `retail`")?.value }
        tenant.regions = fields["regions"].flatMap { regions($0) }
        tenant.isSandbox = fields["sandbox"].flatMap { decoding.flag($0)?.value } ?? false
        tenant.isSuspended = fields["suspended"].flatMap { decoding.flag($0)?.value } ?? false
        if hasName { contents.tenants.append(tenant) }
        if let principals = fields["principals"] { readPrincipals(principals, of: .tenant(tenant.name)) }
    }

    private mutating func regions(_ node: SourceNode) -> [String]? {
        let regions = decoding.names(of: node, "regions", max: Self.listCountMax)
        for region in regions { mentions.note(.region, region) }
        if regions.isEmpty {
            decoding.error(
                .invalidValue, "a tenant that may use no region can do nothing", at: node.span,
                suggestion: "leave `regions` out to allow all of them, or write `suspended: true`")
        }
        return regions.map(\.value)
    }

    /// The most regions, classes or attributes that one entry may list.
    static let listCountMax = 256

    /// Whether a key can be the name of a tenant or principal; if not, that is reported.
    mutating func check(name: SourceNode.Key, mayBePlatform: Bool) -> Bool {
        guard DirectoryName.isValid(name.text) else {
            decoding.error(
                .invalidName, "\(name.text.quoted) is not a name", at: name.span,
                suggestion: "names are made of \(DirectoryName.rule)")
            return false
        }
        guard mayBePlatform || name.text != Principal.Owner.platform.label else {
            decoding.error(
                .invalidName, "`platform` is no name for a tenant: it stands for who owns the platform's principals",
                at: name.span, suggestion: "principals of the platform stand under `platform`, beside `tenants`")
            return false
        }
        return true
    }
}
