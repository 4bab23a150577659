internal import Vocabulary

extension PolicyDocument {
    /// The section `governance`.
    struct Governance {
        /// The bounds, apart from those of single plans.
        var bounds = GrantBounds()
        /// The bounds of single plans.
        var plans: [(name: Located<String>, bounds: GrantBounds.OfPlan)] = []

        /// A section that says nothing.
        init() {}

        /// Decodes the section.
        init(_ node: SourceNode, _ decoding: inout Decoding) {
            guard let fields = decoding.fields(of: node, .governance) else { return }
            if let node = fields["exemption"], let fields = decoding.fields(of: node, .exemptionBounds) {
                bounds.exemptionFactorMax =
                    fields["factor"].flatMap { decoding.factor($0) } ?? bounds.exemptionFactorMax
                bounds.exemptionLengthMax =
                    fields["length"].flatMap { decoding.duration($0)?.value } ?? bounds.exemptionLengthMax
            }
            bounds.trialLengthMax = fields["trial"].flatMap { decoding.duration($0)?.value } ?? bounds.trialLengthMax
            let factor = fields["factor"].flatMap { decoding.factor($0) }
            bounds.factorMax = factor ?? bounds.factorMax
            bounds.reviewWithin = fields["review"].flatMap { decoding.duration($0)?.value } ?? bounds.reviewWithin
            if let factor, factor < bounds.exemptionFactorMax {
                decoding.error(
                    .invalidValue,
                    "nobody may have more than \(Adjustment.Change.factor(thousandths: factor)), but an exemption "
                        + "multiplies by up to \(Adjustment.Change.factor(thousandths: bounds.exemptionFactorMax))",
                    at: fields.span(of: "factor"), suggestion: "raise `factor`, or lower that of `exemption`")
            }
            guard let node = fields["plans"] else { return }
            for pair in decoding.entries(of: node, "plans", max: Limit.plans) {
                guard let bounds = Governance.bounds(pair, &decoding) else { continue }
                plans.append((Located(pair.key.text, at: pair.key.span), bounds))
            }
        }

        private static func bounds(_ pair: SourceNode.Pair, _ decoding: inout Decoding) -> GrantBounds.OfPlan? {
            guard let fields = decoding.fields(of: pair.value, .planBounds) else { return nil }
            return GrantBounds.OfPlan(
                factorMax: fields["factor"].flatMap { decoding.factor($0) },
                reviewWithin: fields["review"].flatMap { decoding.duration($0)?.value },
                exceptionsMax: fields["exceptions"].flatMap {
                    decoding.number($0, "a number of tenants", in: Limit.exceptions)?.value
                })
        }
    }
}

extension Decoding {
    /// A factor of 1 to 1,000, in thousandths.
    fileprivate mutating func factor(_ node: SourceNode) -> Int64? {
        amount(node, "a factor like `2.5`") { text throws(UnitText.Problem) in try UnitText.factor(text) }?.value
    }
}

extension UnitText {
    /// Reads a factor from `1` to `1000` with up to three decimals, in thousandths.
    package static func factor(_ text: String) throws(Problem) -> Int64 {
        let (digits, scale): (Int64, Int64)
        if let number = decimal(text) { (digits, scale) = number } else { (digits, scale) = (try wholeNumber(text), 1) }
        guard scale <= 1_000 else {
            throw Problem("the factor \(text.quoted) has more than three decimals", suggestion: "round it")
        }
        let (thousandths, overflow) = digits.multipliedReportingOverflow(by: 1_000 / scale)
        guard !overflow, (Adjustment.one...Adjustment.factorMax).contains(thousandths) else {
            throw Problem(
                "\(text.quoted) is no factor by which a tenant may have more", suggestion: "write 1 to 1000")
        }
        return thousandths
    }
}
