internal import Directory
internal import Foundation
package import Policy
internal import Vocabulary

/// Reads the file of `--tokens`.
///
/// ```yaml
/// headgate-tokens: 1
/// issuer: https://headgate.internal
/// audience: https://api.example
/// lifetime: 5m
/// outside:
///   - issuer: https://login.example
///     audience: headgate
///     keys: https://login.example/.well-known/jwks.json
///     tenants: [acme]
///     claims: { tenant: org, principal: azp }
/// ```
package struct TokenSettingsReader {
    private var decoding = Decoding()

    private static let shape = MappingShape(
        "the settings of tokens", required: ["headgate-tokens", "issuer", "audience"],
        optional: ["form", "algorithm", "lifetime", "rotation", "minimum-policy", "outside"])
    private static let outsideShape = MappingShape(
        "an outside issuer", required: ["issuer", "audience", "keys"], optional: ["type", "tenants", "claims"])
    private static let claimsShape = MappingShape(
        "the names of claims", optional: ["tenant", "principal", "classes", "tier", "workflow"])

    /// The largest file: settings have a page.
    package static let byteCountMax = 256 << 10
    /// The most outside issuers.
    static let outsideCountMax = 32
    /// The shortest lifetime: less than a minute, and clients did nothing but fetch tokens.
    private static let lifetimeMin = Nanoseconds.seconds(60)
    /// The shortest time a key signs: below, keys would not be published long enough before.
    private static let rotationMin = Nanoseconds.seconds(2 * 3_600)

    /// Reads a file: all that is wrong with it at once.
    ///
    /// - Returns: the settings, unless there are errors, and what is wrong.
    package static func read(_ file: SourceFile) -> (settings: TokenSettings?, diagnostics: [Diagnostic]) {
        let tree = SourceReader.read(file, byteCountMax: byteCountMax)
        var reader = TokenSettingsReader()
        let settings = tree.node.flatMap { reader.settings($0) }
        let diagnostics = (tree.diagnostics + reader.decoding.log.diagnostics).inOrder()
        return (diagnostics.containsErrors ? nil : settings, diagnostics)
    }

    private mutating func settings(_ root: SourceNode) -> TokenSettings? {
        guard let fields = decoding.fields(of: root, Self.shape) else { return nil }
        if let version = fields["headgate-tokens"] {
            _ = decoding.choice(version, "a version of the format that is read here", [("1", ())])
        }
        let issuer = fields["issuer"].flatMap { ownName($0) }
        let audience = fields["audience"].flatMap { decoding.text($0, "an audience like `https://api.example`")?.value }
        var settings = TokenSettings(issuer: issuer ?? "", audience: audience ?? "")
        if let form = fields["form"] {
            let forms = TokenForm.allCases.map { ($0.rawValue, $0) }
            if let form = decoding.choice(form, "a form of tokens", forms) { settings.form = form.value }
        }
        if let algorithm = fields["algorithm"] {
            let algorithms = TokenAlgorithm.allCases.map { ($0.rawValue, $0) }
            if let algorithm = decoding.choice(algorithm, "an algorithm", algorithms) {
                settings.algorithm = algorithm.value
            }
        }
        if let node = fields["lifetime"],
            let time = duration(node, "a lifetime", Self.lifetimeMin...TokenIssuer.lifetimeMax, "`1m` to `10m`")
        {
            settings.lifetime = time
        }
        if let node = fields["rotation"],
            let time = duration(
                node, "a rotation", Self.rotationMin...Nanoseconds.seconds(366 * 86_400), "`2h` to `366d`")
        {
            settings.rotation = time
        }
        if let node = fields["minimum-policy"] { settings.minimumPolicy = policyVersion(node) }
        if let node = fields["outside"] { settings.outside = outsideIssuers(node, besides: issuer) }
        return settings
    }

    private mutating func outsideIssuers(_ node: SourceNode, besides own: String?) -> [TokenSettings.OutsideIssuer] {
        var seen: Set<String> = own.map { [$0] } ?? []
        var issuers: [TokenSettings.OutsideIssuer] = []
        for item in decoding.items(of: node, "outside issuers", max: Self.outsideCountMax) {
            guard let issuer = outsideIssuer(item) else { continue }
            if seen.insert(issuer.issuer).inserted {
                issuers.append(issuer)
            } else {
                decoding.error(
                    .duplicateValue, "two issuers are called \(issuer.issuer.quoted)", at: item.span,
                    suggestion: "a token names its issuer, so each needs a name of its own")
            }
        }
        return issuers
    }

    private mutating func outsideIssuer(_ node: SourceNode) -> TokenSettings.OutsideIssuer? {
        guard let fields = decoding.fields(of: node, Self.outsideShape) else { return nil }
        let name = fields["issuer"].flatMap { decoding.text($0, "an issuer like `https://login.example`")?.value }
        let audience = fields["audience"].flatMap { decoding.text($0, "an audience like `headgate`")?.value }
        let keys = fields["keys"].flatMap { keySource($0) }
        guard let name, let audience, let keys else { return nil }
        var issuer = TokenSettings.OutsideIssuer(issuer: name, audience: audience, keys: keys)
        if let type = fields["type"].flatMap({ decoding.text($0, "a type like `JWT`")?.value }) { issuer.type = type }
        if let tenants = fields["tenants"] {
            issuer.tenants = decoding.names(of: tenants, "tenants", max: 10_000).map(\.value)
        }
        if let node = fields["claims"], let names = decoding.fields(of: node, Self.claimsShape) {
            for (key, path) in Self.claimPaths {
                guard let node = names[key], let text = decoding.text(node, "the name of a claim") else { continue }
                issuer.claims[keyPath: path] = text.value
            }
        }
        return issuer
    }

    private static var claimPaths: [(String, WritableKeyPath<TokenSettings.ClaimNames, String>)] {
        [
            ("tenant", \.tenant), ("principal", \.principal), ("classes", \.classes), ("tier", \.tier),
            ("workflow", \.workflow),
        ]
    }
}

/// Single values.
extension TokenSettingsReader {
    /// A URL as issuers have it: https, or http to this machine.
    private mutating func address(_ node: SourceNode, _ noun: String) -> String? {
        guard let text = decoding.text(node, "\(noun) as a URL like `https://headgate.example`")?.value else {
            return nil
        }
        guard KeyAddress.isSafe(text) else {
            decoding.error(
                .invalidValue, "\(text.quoted) is no URL that nobody can read along", at: node.span,
                suggestion: "write `https://…`, without user, query and fragment; `http://` is for loopback only")
            return nil
        }
        return text
    }

    /// Our own name: its documents are found below it, so it has no path of its own (RFC 8414 §3).
    private mutating func ownName(_ node: SourceNode) -> String? {
        guard let text = address(node, "the issuer") else { return nil }
        guard let path = URLComponents(string: text)?.path, path.isEmpty || path == "/" else {
            decoding.error(
                .invalidValue, "the issuer \(text.quoted) has a path", at: node.span,
                suggestion: "write scheme and host alone: clients look for /.well-known/… there")
            return nil
        }
        return text
    }

    private mutating func keySource(_ node: SourceNode) -> TokenSettings.KeySource? {
        guard let text = decoding.text(node, "a URL like `https://login.example/jwks.json`, or a file")?.value else {
            return nil
        }
        guard text.contains("://") else { return .file(text) }
        return address(node, "the place of the keys").map { .url($0) }
    }

    private mutating func duration(
        _ node: SourceNode, _ noun: String, _ range: ClosedRange<Nanoseconds>, _ words: String
    ) -> Nanoseconds? {
        guard let time = decoding.duration(node)?.value else { return nil }
        guard range.contains(time) else {
            decoding.error(.invalidValue, "\(noun) is \(words)", at: node.span)
            return nil
        }
        return time
    }

    private mutating func policyVersion(_ node: SourceNode) -> String? {
        guard let text = decoding.text(node, "the version of a policy like `sha256:…`")?.value else { return nil }
        let digits = text.dropFirst("sha256:".count)
        guard text.hasPrefix("sha256:"), digits.utf8.count == 64,
            digits.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) })
        else {
            decoding.error(
                .invalidValue, "\(text.quoted) is no version of a policy", at: node.span,
                suggestion: "copy it from the field `Headgate-Policy` of an answer: sha256: and 64 digits")
            return nil
        }
        return text
    }
}
