internal import Vocabulary

extension PolicyTest {
    /// Decodes an entry; `nil` if it has no usable request or expectation.
    init?(_ node: SourceNode, _ decoding: inout Decoding) {
        guard let fields = decoding.fields(of: node, .test) else { return nil }
        span = node.span
        let name = fields["name"].flatMap { decoding.text($0, "a name in free text") }
        let request = fields["request"].flatMap { Request($0, &decoding) }
        let expectations = fields["expect"].flatMap { PolicyTest.expectations($0, &decoding) }
        guard let request, let expectations else { return nil }
        self.request = request
        self.expectations = expectations
        self.name = name?.value ?? request.summary
    }

    private static func expectations(_ node: SourceNode, _ decoding: inout Decoding) -> [Expectation]? {
        guard let fields = decoding.fields(of: node, .expectation) else { return nil }
        let present = Member.allCases.filter { fields[$0.rawValue] != nil }
        guard !present.isEmpty else {
            decoding.error(
                .missingKey, "this test expects nothing", at: node.span,
                suggestion: "expect at least one of \(MappingShape.expectation.keys.listed())")
            return nil
        }
        return present.compactMap { member in
            fields[member.rawValue].flatMap { expectation(member, $0, &decoding) }
        }
    }

    private static func expectation(
        _ member: Member, _ node: SourceNode, _ decoding: inout Decoding
    ) -> Expectation? {
        let word: Located<String>? =
            switch member {
            case .operation, .trafficClass, .tier: decoding.name(node)
            case .limit: decoding.text(node, "the name of a limit, its label, or `none`")
            case .cost: decoding.cost(node)?.map { String($0) }
            case .reason:
                decoding.choice(
                    node, "a reason code", (Reason.allCases.map(\.code) + ["none"]).map { (word: $0, value: $0) })
            case .stage: decoding.choice(node, "a stage", Stage.allCases.map { (word: $0.name, value: $0.name) })
            }
        return word.map { Expectation(member: member, word: $0) }
    }
}

extension PolicyTest.Request {
    /// Decodes a request; `nil` if it does not say which call it is or who calls.
    init?(_ node: SourceNode, _ decoding: inout Decoding) {
        guard let fields = decoding.fields(of: node, .request) else { return nil }
        operation = fields["operation"].flatMap { decoding.name($0) }
        plan = fields["plan"].flatMap { decoding.name($0) }
        claim = fields["claim"].flatMap { decoding.name($0) }
        principalClasses =
            fields["principalClasses"].map {
                decoding.names(of: $0, "classes", max: PolicyDocument.Limit.classes)
            } ?? []
        attributes = fields["attributes"].map { PolicyTest.Request.attributes($0, &decoding) } ?? []
        let credential = fields["credential"].flatMap {
            decoding.choice($0, "a credential of a test", [("unknown", true)])
        }
        if let plan, credential != nil {
            decoding.error(
                .invalidValue, "a caller whose credential is unknown has no plan", at: plan.span,
                suggestion: "remove `plan` or `credential`")
        }
        if let node = fields["descriptor"] {
            guard let descriptor = PolicyTest.Descriptor(node, fields, &decoding) else { return nil }
            self.descriptor = descriptor
            target = .matched(.none)
            return
        }
        if fields["plan"] == nil, fields["credential"] == nil {
            decoding.error(
                .missingKey, "this request says nothing about its caller", at: node.span,
                suggestion: "add `plan: …`, or `credential: unknown` for a caller whom nobody knows")
        }
        guard let target = PolicyTest.Request.target(fields, operation, at: node.span, &decoding) else { return nil }
        self.target = target
    }

    private static func target(
        _ fields: Fields, _ operation: Located<String>?, at span: SourceSpan, _ decoding: inout Decoding
    ) -> ClassificationRequest.Target? {
        let method = fields["method"].flatMap { decoding.text($0, "a method like `GET`") }
        let path = fields["path"].flatMap { decoding.text($0, "a path like `/v1/envelopes`") }
        let isCall = fields["method"] != nil || fields["path"] != nil
        switch (isCall, fields["operation"] != nil) {
        case (true, true):
            decoding.error(
                .invalidValue, "this request names an operation and a call", at: fields.span(of: "operation"),
                suggestion: "keep `method` and `path`, or keep `operation`")
        case (false, false):
            decoding.error(
                .missingKey, "this request does not say which call it is", at: span,
                suggestion: "add `method: GET, path: /v1/…`, or `operation: …`")
        case (true, false):
            for key in ["method", "path"] where fields[key] == nil {
                decoding.error(.missingKey, "this request needs `\(key)`", at: span, suggestion: "add `\(key): …`")
            }
            if let path, !path.value.hasPrefix("/") {
                decoding.error(
                    .invalidValue, "the path \(path.value.quoted) does not begin with `/`", at: path.span,
                    suggestion: "write \("/\(path.value)".quoted)")
                return nil
            }
            if let method, let path { return .call(method: method.value, path: path.value) }
        case (false, true):
            if let operation { return .operation(named: operation.value) }
        }
        return nil
    }

    private static func attributes(
        _ node: SourceNode, _ decoding: inout Decoding
    ) -> [(name: String, value: String)] {
        decoding.entries(of: node, "attributes", max: PolicyDocument.Limit.rules).compactMap { pair in
            guard decoding.check(name: Located(pair.key.text, at: pair.key.span)),
                let value = decoding.text(pair.value, "a value like `active`")
            else { return nil }
            return (pair.key.text, value.value)
        }
    }

    /// The request in a few words, for tests without a name.
    var summary: String {
        if let descriptor { return descriptor.summary }
        return switch target {
        case .call(let method, let path): "\(method) \(path)"
        case .operation(let name): name
        case .matched: "request"
        }
    }
}
