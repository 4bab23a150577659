internal import Vocabulary

extension PolicyDocument {
    /// The section `idempotency`.
    struct Idempotency {
        /// What the section says; the rest is as it is without it.
        var treatment = RepeatTreatment()
        /// Where the bytes of a tenant are stated.
        var bytes: Located<Int64>?
        /// Where the bytes of a body are stated.
        var body: Located<Int64>?

        /// A section that says nothing.
        init() {}

        /// Decodes the section.
        init(_ node: SourceNode, _ decoding: inout Decoding) {
            guard let fields = decoding.fields(of: node, .idempotency) else { return }
            bytes = fields["bytes"].flatMap { decoding.bytes($0, "what a tenant's answers take", Limit.answerBytes) }
            body = fields["body"].flatMap { decoding.bytes($0, "the body of a stored answer", Limit.answerBodyBytes) }
            decodeBounds(fields, &decoding)
            decodeChoices(fields, &decoding)
        }

        private mutating func decodeBounds(_ fields: Fields, _ decoding: inout Decoding) {
            treatment.bytesPerTenantMax = bytes?.value ?? treatment.bytesPerTenantMax
            treatment.bodyBytesMax = body?.value ?? min(treatment.bodyBytesMax, treatment.bytesPerTenantMax)
            if let node = fields["window"], let window = Idempotency.window(node, &decoding) {
                treatment.window = window
            }
            if let node = fields["entries"],
                let count = decoding.number(node, "the number of keys", in: Limit.idempotencyKeys)
            {
                treatment.entriesPerTenantMax = count.value
            }
            if let node = fields["repeats"],
                let count = decoding.number(node, "the number of repeats", in: Limit.repeats)
            {
                treatment.freeRepeatsMax = count.value
            }
        }

        private mutating func decodeChoices(_ fields: Fields, _ decoding: inout Decoding) {
            let concurrent = RepeatTreatment.Concurrent.allCases.map { ($0.name, $0) }
            if let node = fields["concurrent"],
                let choice = decoding.choice(node, "a value of `concurrent`", concurrent)
            {
                treatment.concurrent = choice.value
            }
            let interrupted = RepeatTreatment.Interrupted.allCases.map { ($0.name, $0) }
            if let node = fields["interrupted"],
                let choice = decoding.choice(node, "a value of `interrupted`", interrupted)
            {
                treatment.interrupted = choice.value
            }
            let stored = RepeatTreatment.Stored.allCases.map { ($0.name, $0) }
            if let node = fields["stored"], let choice = decoding.choice(node, "a value of `stored`", stored) {
                treatment.stored = choice.value
            }
        }

        private static func window(_ node: SourceNode, _ decoding: inout Decoding) -> Nanoseconds? {
            guard let window = decoding.duration(node) else { return nil }
            guard Limit.idempotencyWindow.contains(window.value) else {
                decoding.error(
                    .invalidValue, "a window lasts from a second to 31 days", at: window.span,
                    suggestion: "write for example `24h`")
                return nil
            }
            return window.value
        }
    }
}

extension Decoding {
    /// A number of bytes within bounds: `512KiB`.
    fileprivate mutating func bytes(
        _ node: SourceNode, _ noun: String, _ range: ClosedRange<Int64>
    ) -> Located<Int64>? {
        guard let bytes = amount(node, "a number of bytes like `1MiB`", UnitText.bytes) else { return nil }
        guard range.contains(bytes.value) else {
            error(
                .invalidValue,
                "\(noun) is from \(NumberText.bytes(range.lowerBound)) to \(NumberText.bytes(range.upperBound))",
                at: node.span)
            return nil
        }
        return bytes
    }
}
