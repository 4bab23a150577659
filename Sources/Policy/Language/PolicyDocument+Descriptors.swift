internal import Vocabulary

extension PolicyDocument {
    /// One entry of `descriptors`: a domain of Envoy's rate limit protocol.
    struct Domain {
        /// The name, as the proxy sends it.
        var name: Located<String>
        /// What its keys mean; empty where it has limits of its own.
        var keys: [Key] = []
        /// Its limits, in the order of the file; empty where its keys have meanings.
        var limits: [DescriptorLimit] = []

        /// One entry of `keys`.
        struct Key {
            /// The key, as the proxy sends it.
            var key: Located<String>
            /// What its value says.
            var meaning: Located<Meaning>
        }

        /// What a key says: a word of the language, or the name of an attribute.
        enum Meaning: Hashable {
            /// Something that a call has anyway.
            case word(DescriptorMeaning)
            /// An attribute.
            case attribute(String)
        }

        /// Decodes an entry; `nil` if it has no usable name.
        init?(_ pair: SourceNode.Pair, _ decoding: inout Decoding) {
            guard let name = decoding.descriptorText(Located(pair.key.text, at: pair.key.span), .domain) else {
                return nil
            }
            self.name = name
            guard let fields = decoding.fields(of: pair.value, .domain, owner: pair.key.span) else { return }
            // Both are read, also where only one may stand there: all mistakes are reported at once.
            if let node = fields["keys"] { decodeKeys(node, fields, &decoding) }
            if let node = fields["limits"] {
                var count = Limit.descriptorLimits
                limits = DescriptorLimit.list(node, depth: 1, count: &count, &decoding)
            }
            checkKind(pair, fields, &decoding)
        }

        private mutating func decodeKeys(_ node: SourceNode, _ fields: Fields, _ decoding: inout Decoding) {
            keys = decoding.entries(of: node, "keys", max: Limit.descriptorKeys).compactMap { Key($0, &decoding) }
            guard node.content == .null || node.content == .mapping([]) else { return }
            decoding.error(
                .missingKey, "the domain \(name.value.quoted) gives no key a meaning", at: fields.span(of: "keys"),
                suggestion: "add `api_key: credential`, or `limits` instead")
        }

        /// A domain has either keys or limits.
        private func checkKind(_ pair: SourceNode.Pair, _ fields: Fields, _ decoding: inout Decoding) {
            switch (fields["keys"], fields["limits"]) {
            case (_?, _?):
                decoding.error(
                    .invalidValue,
                    "the domain \(name.value.quoted) states both what its keys mean and limits of its own",
                    at: fields.span(of: "limits"),
                    suggestion: "keep `keys` to decide by tenant, operation and class, or `limits` to count by key and "
                        + "value", notes: [Diagnostic.Note("the keys are here", at: fields.span(of: "keys"))])
            case (nil, nil) where !pair.value.isDamaged:
                decoding.error(
                    .missingKey, "the domain \(name.value.quoted) needs keys or limits", at: pair.key.span,
                    suggestion: "add `keys: { api_key: credential, … }` or `limits: [ { key: …, rate: 10/s } ]`")
            default: break
            }
        }
    }
}

extension PolicyDocument.Domain.Key {
    /// The words for meanings.
    static let words: [(word: String, value: DescriptorMeaning)] = [
        .tenant, .principal, .credential, .operation, .method, .path, .trafficClass, .region, .cost, .ignored,
    ].map { ($0.word, $0) }

    /// Decodes an entry of `keys`; `nil` if it has no usable key or meaning.
    init?(_ pair: SourceNode.Pair, _ decoding: inout Decoding) {
        guard let key = decoding.descriptorText(Located(pair.key.text, at: pair.key.span), .key) else { return nil }
        self.key = key
        if case .mapping = pair.value.content {
            guard let fields = decoding.fields(of: pair.value, .keyMeaning),
                let attribute = fields["attribute"].flatMap({ decoding.name($0) })
            else { return nil }
            meaning = attribute.map { .attribute($0) }
            return
        }
        let word = decoding.choice(pair.value, "a meaning of a key", PolicyDocument.Domain.Key.words)
        guard let word else { return nil }
        meaning = word.map { .word($0) }
    }
}

extension Decoding {
    /// The free texts of descriptors and how many bytes each may have.
    enum DescriptorText {
        case domain, key, value

        /// What it is called in messages.
        var noun: String {
            switch self {
            case .domain: "the name of a domain"
            case .key: "a key"
            case .value: "a value"
            }
        }

        /// The most bytes of UTF-8.
        var byteCountMax: Int {
            switch self {
            case .domain, .key: PolicyDocument.Limit.descriptorKeyBytes
            case .value: PolicyDocument.Limit.descriptorValueBytes
            }
        }
    }

    /// A text that descriptors are compared with byte by byte: not empty, bounded, without control characters.
    mutating func descriptorText(_ text: Located<String>, _ kind: DescriptorText) -> Located<String>? {
        guard !text.value.isEmpty else {
            error(.invalidValue, "\(kind.noun) is empty", at: text.span)
            return nil
        }
        guard text.value.utf8.count <= kind.byteCountMax else {
            error(.tooLarge, "\(kind.noun) has more than \(kind.byteCountMax) bytes", at: text.span)
            return nil
        }
        guard text.value.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            error(
                .invalidValue, "\(kind.noun) holds a control character", at: text.span, suggestion: "remove it")
            return nil
        }
        return text
    }

    /// The same, from a node.
    mutating func descriptorText(_ node: SourceNode, _ kind: DescriptorText) -> Located<String>? {
        guard case .scalar(let scalar) = node.content else {
            mismatch("\(kind.noun) in free text", found: node)
            return nil
        }
        return descriptorText(Located(scalar.text, at: node.span), kind)
    }
}
