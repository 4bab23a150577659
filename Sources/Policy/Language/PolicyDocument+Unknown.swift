internal import Vocabulary

extension PolicyDocument {
    /// The section `unknown`.
    struct Unknown {
        /// Where the section is named, if it is there.
        var span: SourceSpan?
        /// What happens without a known credential, if stated.
        var credential: UnknownTreatment.Treatment?
        /// What happens to requests that no operation matches, if stated.
        var operation: UnknownTreatment.Treatment?
        /// What such a request costs, if stated.
        var cost: Located<Int64>?
        /// The rate of the quarantine, if stated.
        var rate: Located<Rate>?
        /// The burst of the quarantine, if stated.
        var burst: Located<Int64>?

        /// A section that says nothing.
        init() {}

        /// Decodes the section.
        init(_ node: SourceNode, at span: SourceSpan, _ decoding: inout Decoding) {
            self.span = span
            guard let fields = decoding.fields(of: node, .unknown) else { return }
            let choices: [(String, UnknownTreatment.Treatment)] = [("block", .block), ("quarantine", .quarantine)]
            credential = fields["credential"].flatMap { decoding.choice($0, "a treatment", choices) }?.value
            operation = fields["operation"].flatMap { decoding.choice($0, "a treatment", choices) }?.value
            cost = fields["cost"].flatMap { decoding.cost($0) }
            rate = fields["rate"].flatMap { decoding.rate($0) }
            burst = fields["burst"].flatMap { decoding.burst($0) }
        }
    }
}
