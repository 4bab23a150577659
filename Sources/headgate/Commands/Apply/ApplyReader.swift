internal import Directory
internal import Governance
internal import Policy
internal import Vocabulary

/// Reads the file of `headgate apply`: all that is wrong with it at once.
///
/// ```yaml
/// headgate-apply: 1
/// policy: policy.yaml
/// tenants:
///   acme:
///     plan: growth
///     regions: [eu-west-1]
///     principals: { web: { classes: [interactive] } }
///     exemptions:
///       night-import: { adjust: { class/export: 2x }, until: 2026-12-08, reason: moving their archive }
/// ```
struct ApplyReader {
    private(set) var document = ApplyDocument()
    private var decoding = Decoding()
    private let now: WallTime

    /// The version of the format that is read.
    private static let version = "1"
    /// The most names of one list.
    private static let listCountMax = 100
    private static let shape = MappingShape(
        "a file to apply", required: ["headgate-apply"], optional: ["policy", "tenants", "platform"])
    private static let tenantShape = MappingShape(
        "a tenant", required: ["plan"],
        optional: [
            "segment", "contract", "regions", "sandbox", "suspended", "principals", "exemptions", "overrides",
        ])
    private static let principalShape = MappingShape(
        "a principal", optional: ["description", "classes", "attributes"])
    private static let grantShape = MappingShape(
        "an exemption or override", required: ["reason"], optional: ["adjust", "features", "from", "until", "review"])

    private init(now: WallTime) { self.now = now }

    /// Reads a file.
    ///
    /// - Returns: what it says, `nil` if it has errors; and what is wrong.
    static func read(_ file: SourceFile, now: WallTime) -> (document: ApplyDocument?, diagnostics: [Diagnostic]) {
        let tree = SourceReader.read(file, byteCountMax: 64 << 20)
        var reader = ApplyReader(now: now)
        if let root = tree.node { reader.read(root) }
        let diagnostics = (tree.diagnostics + reader.decoding.log.diagnostics).inOrder()
        return (diagnostics.containsErrors || tree.node == nil ? nil : reader.document, diagnostics)
    }

    private mutating func read(_ root: SourceNode) {
        guard let fields = decoding.fields(of: root, Self.shape) else { return }
        if let version = fields["headgate-apply"] {
            _ = decoding.choice(version, "a version of the format that is read here", [(Self.version, ())])
        }
        document.policy = fields["policy"].flatMap { decoding.text($0, "the path of a policy") }
        if let tenants = fields["tenants"] {
            for pair in decoding.entries(of: tenants, "tenants", max: .max) { readTenant(pair) }
        }
        document.platform = fields["platform"].map { principals($0) }
    }

    private mutating func readTenant(_ pair: SourceNode.Pair) {
        guard check(pair.key, mayBePlatform: false),
            let fields = decoding.fields(of: pair.value, Self.tenantShape, owner: pair.key.span)
        else { return }
        var facts = TenantFacts(plan: fields["plan"].flatMap { decoding.name($0)?.value } ?? "")
        facts.segment = fields["segment"].flatMap { decoding.text($0, "a segment like `retail`")?.value }
        facts.contract = fields["contract"].flatMap { decoding.text($0, "a contract like `C-2041`")?.value }
        facts.regions = fields["regions"].map { names($0, "regions") }
        facts.sandbox = fields["sandbox"].flatMap { decoding.flag($0)?.value } ?? false
        facts.suspended = fields["suspended"].flatMap { decoding.flag($0)?.value } ?? false
        var tenant = ApplyDocument.Tenant(name: pair.key.text, facts: facts)
        tenant.principals = fields["principals"].map { principals($0) }
        for (key, kind) in [("exemptions", Grant.Kind.exemption), ("overrides", .override)] {
            guard let node = fields[key] else { continue }
            tenant.grants = (tenant.grants ?? []) + grants(node, kind, beside: tenant.grants ?? [])
        }
        document.tenants.append(tenant)
    }

    private mutating func check(_ name: SourceNode.Key, mayBePlatform: Bool = true) -> Bool {
        guard mayBePlatform || name.text != "platform" else {
            decoding.error(
                .invalidName, "`platform` is no name for a tenant", at: name.span,
                suggestion: "principals of the platform stand under `platform`, beside `tenants`")
            return false
        }
        guard !DirectoryName.isValid(name.text) else { return true }
        decoding.error(
            .invalidName, "\(name.text.quoted) is not a name", at: name.span,
            suggestion: "names are made of \(DirectoryName.rule)")
        return false
    }

    private mutating func names(_ node: SourceNode, _ noun: String) -> [String] {
        decoding.names(of: node, noun, max: Self.listCountMax).map(\.value)
    }

    private mutating func principals(_ node: SourceNode) -> [PrincipalFacts] {
        decoding.entries(of: node, "principals", max: 1_000).compactMap { pair -> PrincipalFacts? in
            guard check(pair.key) else { return nil }
            var facts = PrincipalFacts(name: pair.key.text)
            if case .null = pair.value.content { return facts }
            guard let fields = decoding.fields(of: pair.value, Self.principalShape, owner: pair.key.span) else {
                return nil
            }
            facts.summary = fields["description"].flatMap { decoding.text($0, "a description", isLong: true)?.value }
            facts.classes = fields["classes"].map { names($0, "classes") } ?? []
            facts.attributes = fields["attributes"].map { names($0, "attributes") } ?? []
            return facts
        }
    }

    private mutating func grants(
        _ node: SourceNode, _ kind: Grant.Kind, beside others: [ApplyDocument.Grant]
    ) -> [ApplyDocument.Grant] {
        decoding.entries(of: node, "\(kind.rawValue)s", max: Self.listCountMax).compactMap {
            pair -> ApplyDocument.Grant? in
            guard check(pair.key),
                let fields = decoding.fields(of: pair.value, Self.grantShape, owner: pair.key.span)
            else { return nil }
            if others.contains(where: { $0.facts.id == pair.key.text }) {
                decoding.error(
                    .duplicateValue, "the tenant has an exemption \(pair.key.text.quoted) as well", at: pair.key.span,
                    suggestion: "give one of them another name")
            }
            let from = fields["from"].flatMap { moment($0) }
            var facts = GrantFacts(
                id: pair.key.text, kind: kind.rawValue, adjustments: [], from: from ?? EventTime(now),
                reason: fields["reason"].flatMap { decoding.text($0, "a reason", isLong: true)?.value } ?? "")
            facts.adjustments = fields["adjust"].map { adjustments($0) } ?? []
            facts.features = fields["features"].map { names($0, "features") } ?? []
            facts.until = fields["until"].flatMap { moment($0) }
            facts.review = fields["review"].flatMap { moment($0) }
            return ApplyDocument.Grant(facts: facts, statesBeginning: from != nil)
        }
    }

    private mutating func adjustments(_ node: SourceNode) -> [AdjustmentFacts] {
        decoding.entries(of: node, "adjustments", max: Self.listCountMax).compactMap { pair -> AdjustmentFacts? in
            guard case .scalar(let change) = pair.value.content else {
                decoding.mismatch("what becomes of it, like `2x`", found: pair.value)
                return nil
            }
            do throws(AdjustmentText.Problem) {
                return AdjustmentFacts(try AdjustmentText.read(target: pair.key.text, change: change.text))
            } catch {
                decoding.error(
                    .invalidValue, error.message, at: pair.value.span, suggestion: error.suggestion)
                return nil
            }
        }
    }

    private mutating func moment(_ node: SourceNode) -> EventTime? {
        guard case .scalar(let scalar) = node.content, let moment = Timestamp.moment(scalar.text) else {
            decoding.mismatch(
                "a moment like `2026-12-01T00:00:00Z`", found: node,
                suggestion: "a file is applied more than once, so it says moments and not how far away they are")
            return nil
        }
        return EventTime(moment)
    }
}
