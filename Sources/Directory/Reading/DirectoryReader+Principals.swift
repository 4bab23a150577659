internal import Policy
internal import Vocabulary

/// Principals and their keys.
extension DirectoryReader {
    private static let principalShape = MappingShape(
        "a principal", optional: ["description", "classes", "attributes", "keys"])
    private static let keyShape = MappingShape(
        "a key", required: ["id", "hash", "created"], optional: ["expires", "revoked", "label"])

    /// Reads the principals of one owner.
    mutating func readPrincipals(_ node: SourceNode, of owner: Principal.Owner) {
        for pair in decoding.entries(of: node, "principals", max: .max) {
            let hasName = check(name: pair.key, mayBePlatform: true)
            var principal = Principal(owner: owner, name: pair.key.text)
            readFields(of: pair, into: &principal)
            if hasName { contents.principals.append(principal) }
        }
    }

    private mutating func readFields(of pair: SourceNode.Pair, into principal: inout Principal) {
        if case .null = pair.value.content { return }  // a principal of which only the name is known
        guard let fields = decoding.fields(of: pair.value, Self.principalShape, owner: pair.key.span) else { return }
        principal.summary = fields["description"].flatMap { decoding.text($0, "a description", isLong: true)?.value }
        if let node = fields["classes"] {
            let classes = decoding.names(of: node, "classes", max: Self.listCountMax)
            for name in classes { mentions.note(.trafficClass, name) }
            principal.classes = classes.map(\.value)
        }
        if let node = fields["attributes"] {
            principal.attributes = decoding.names(of: node, "attributes", max: Self.listCountMax).map(\.value)
        }
        if let node = fields["keys"] {
            principal.keys = decoding.items(of: node, "keys", max: .max).compactMap { key($0) }
        }
    }

    private mutating func key(_ node: SourceNode) -> APIKey? {
        guard let fields = decoding.fields(of: node, Self.keyShape) else { return nil }
        let id = fields["id"].flatMap { keyID($0) }
        let hash = fields["hash"].flatMap { keyHash($0) }
        let created = fields["created"].flatMap { moment($0) }
        let expires = fields["expires"].flatMap { moment($0) }
        // A revocation that cannot be read does not bring the key back: the error keeps the whole file from use.
        let revoked = fields["revoked"].flatMap { moment($0) }
        let label = fields["label"].flatMap { decoding.text($0, "a label")?.value }
        if let created, let expires, expires <= created {
            decoding.error(
                .invalidValue, "the key expires before it was created", at: fields.span(of: "expires"),
                suggestion: "write a later moment, or `revoked`")
        }
        guard let id, let hash, let created else { return nil }
        return APIKey(id: id, hash: hash, created: created, expires: expires, revoked: revoked, label: label)
    }

    private mutating func keyID(_ node: SourceNode) -> String? {
        guard let id = decoding.name(node) else { return nil }
        guard id.value.withKeysMasked == id.value else {
            reportExposedKey(insteadOf: "id", at: node.span)
            return nil
        }
        if let first = keyIDs[id.value] {
            decoding.error(
                .duplicateValue, "two keys have the id \(id.value.quoted)", at: node.span,
                suggestion: "remove one, and make a new key with `headgate directory add-key`",
                notes: [Diagnostic.Note("it is first used here", at: first)])
        } else {
            keyIDs[id.value] = node.span
        }
        return id.value
    }

    private mutating func keyHash(_ node: SourceNode) -> KeyHash? {
        guard let text = decoding.text(node, "the hash of a key")?.value else { return nil }
        guard let hash = KeyHash(text) else {
            reportBadHash(text, at: node.span)
            return nil
        }
        if let first = keyHashes[hash] {
            decoding.error(
                .duplicateValue, "two entries have one hash: they are the same key", at: node.span,
                suggestion: "give each principal a key of its own",
                notes: [Diagnostic.Note("it is first used here", at: first)])
        } else {
            keyHashes[hash] = node.span
        }
        mentions.note(.secret, Located(hash.fingerprintText, at: node.span))
        return hash
    }

    /// Reports what is no hash.
    ///
    /// A key in plain text is not shown once more: the diagnostic names its place but does not quote it.
    private mutating func reportBadHash(_ text: String, at span: SourceSpan) {
        guard Credential.Environment.allCases.contains(where: { text.hasPrefix($0.prefix) }) else {
            decoding.error(
                .wrongType, "this is not the hash of a key", at: span,
                suggestion: "let `headgate directory add-key` write the entry")
            return
        }
        reportExposedKey(insteadOf: "hash", at: span)
    }

    private mutating func reportExposedKey(insteadOf part: String, at span: SourceSpan) {
        decoding.log.report(
            Diagnostic(
                .error, .exposedKey, "in line \(span.line) a key stands where its \(part) belongs", at: span,
                suggestion: "whoever has read the file has the key: remove it, and make a new one with "
                    + "`headgate directory add-key`", showsSource: false))
    }

    private mutating func moment(_ node: SourceNode) -> WallTime? {
        guard case .scalar(let scalar) = node.content, let moment = Timestamp.moment(scalar.text) else {
            decoding.mismatch("a moment like `2026-11-21T00:00:00Z`", found: node)
            return nil
        }
        return moment
    }
}
