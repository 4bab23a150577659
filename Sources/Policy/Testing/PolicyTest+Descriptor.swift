internal import Vocabulary

extension PolicyTest {
    /// A descriptor of Envoy's rate limit protocol that a test asks with.
    package struct Descriptor: Sendable {
        /// The domain.
        package var domain: Located<String>
        /// The entries, keys with values.
        package var entries: [(key: String, value: String)]
        /// Where the test says who calls, if it does.
        package var caller: SourceSpan?
    }
}

extension PolicyTest.Descriptor {
    /// Decodes `descriptor` of a request whose other fields are given; `nil` if it names no domain.
    init?(_ node: SourceNode, _ request: Fields, _ decoding: inout Decoding) {
        for key in ["method", "path", "operation", "claim", "attributes"] where request[key] != nil {
            decoding.error(
                .invalidValue, "a request with a descriptor says what it is in the entries", at: request.span(of: key),
                suggestion: "remove `\(key)`, or remove `descriptor`")
        }
        caller = request.keySpan("plan") ?? request.keySpan("credential")
        guard let fields = decoding.fields(of: node, .testDescriptor) else { return nil }
        let domain = fields["domain"].flatMap { decoding.descriptorText($0, .domain) }
        entries = fields["entries"].map { PolicyTest.Descriptor.entries($0, &decoding) } ?? []
        guard let domain else { return nil }
        self.domain = domain
    }

    private static func entries(_ node: SourceNode, _ decoding: inout Decoding) -> [(key: String, value: String)] {
        decoding.items(of: node, "entries", max: PolicyDocument.Limit.descriptorKeys).compactMap { item in
            guard case .sequence(let pair) = item.content, pair.count == 2,
                case .scalar(let key) = pair[0].content, case .scalar(let value) = pair[1].content
            else {
                decoding.mismatch(
                    "a key and its value", found: item, suggestion: "write `[ remote_address, 10.0.0.7 ]`")
                return nil
            }
            return (key.text, value.text)
        }
    }

    /// The entries in a few words, for tests without a name.
    var summary: String { "\(domain.value): " + entries.map { "\($0.key)=\($0.value)" }.joined(separator: ", ") }
}

extension PolicyTest.Descriptor {
    /// The domain's number in a snapshot; -1: there is none.
    func domainNumber(in snapshot: Snapshot) -> Int {
        snapshot.descriptors.domain(named: Array(domain.value.utf8).span)
    }

    /// The limit that applies, in a domain with limits of its own.
    func limit(in snapshot: Snapshot) -> DescriptorLimit? {
        let index = snapshot.descriptors
        var node = index.root(of: domainNumber(in: snapshot))
        for entry in entries where node >= 0 {
            node = index.step(from: node, key: Array(entry.key.utf8).span, value: Array(entry.value.utf8).span)
        }
        return node < 0 ? nil : index.limit(at: node)
    }

    /// The call that the entries describe, in a domain whose keys have meanings.
    ///
    /// - Returns: what to classify, and the cost that the entries state instead of the operation's.
    func call(of caller: Caller, in snapshot: Snapshot) -> (request: ClassificationRequest, cost: Int64?) {
        var request = ClassificationRequest(target: .matched(.none), caller: caller)
        var (method, path, cost) = ("", "", Int64?.none)
        let number = domainNumber(in: snapshot)
        for entry in entries {
            switch snapshot.descriptors.meaning(of: Array(entry.key.utf8).span, in: number) {
            case .operation: request.target = .operation(named: entry.value)
            case .method: method = entry.value
            case .path: path = entry.value
            case .trafficClass: request.claim = entry.value
            case .attribute(let index):
                request.attributes.append((snapshot.descriptors.attributeName(index), entry.value))
            case .cost: cost = Int64(entry.value)
            case .tenant, .principal, .credential, .region, .ignored, nil: break
            }
        }
        if case .matched = request.target { request.target = .call(method: method, path: path) }
        return (request, cost)
    }
}
