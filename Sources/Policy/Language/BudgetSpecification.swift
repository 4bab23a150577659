internal import Vocabulary

/// A budget as its author wrote it: one rate or an envelope of three, and perhaps a burst.
struct BudgetSpecification {
    /// The place to name: the value of `rate` or `envelope`.
    var span: SourceSpan
    /// One rate, or three: baseline, burst, overload.
    var rates: [Located<Rate>]
    /// How many cost units all full buckets hold together, if stated.
    var statedBurst: Located<Int64>?

    /// The burst that holds: the one stated, else what flows in during one period of the baseline.
    var burst: Int64 { statedBurst?.value ?? baseline.amount }

    /// The ceiling that always holds.
    var baseline: Rate { rates[0].value }

    /// Decodes a budget; `nil` if it has no usable rate.
    init?(_ node: SourceNode, of owner: String, _ decoding: inout Decoding) {
        guard let fields = decoding.fields(of: node, .budget) else { return nil }
        statedBurst = fields["burst"].flatMap { decoding.burst($0) }
        switch (fields["rate"], fields["envelope"]) {
        case (let node?, nil):
            guard let rate = decoding.rate(node) else { return nil }
            rates = [rate]
            span = rate.span
        case (nil, let node?):
            guard let rates = BudgetSpecification.envelope(node, &decoding) else { return nil }
            self.rates = rates
            span = rates[0].span
        case (_?, let envelope?):
            decoding.error(
                .invalidValue, "\(owner) states both a rate and an envelope", at: envelope.span,
                suggestion: "keep one: a rate is an envelope with three equal ceilings",
                notes: [Diagnostic.Note("the rate is here", at: fields.span(of: "rate"))])
            return nil
        case (nil, nil):
            decoding.error(
                .missingKey, "\(owner) needs a rate or an envelope", at: node.span,
                suggestion: "add `rate: 300/s`, or `envelope: { baseline: …, burst: …, overload: … }`")
            return nil
        }
    }

    private static func envelope(_ node: SourceNode, _ decoding: inout Decoding) -> [Located<Rate>]? {
        guard let fields = decoding.fields(of: node, .envelope) else { return nil }
        let rates = Envelope.allCases.map { envelope in
            fields[envelope.name].flatMap { decoding.rate($0) }
        }
        for (index, name) in [(1, "burst"), (2, "overload")] {
            guard let lower = rates[index - 1], let higher = rates[index], lower.value.isFaster(than: higher.value)
            else { continue }
            decoding.error(
                .envelopeOrder,
                "the ceiling `\(name)` (\(higher.value)) is below `\(Envelope.allCases[index - 1].name)` (\(lower.value))",
                at: higher.span, suggestion: "an envelope rises: baseline ≤ burst ≤ overload",
                notes: [Diagnostic.Note("`\(Envelope.allCases[index - 1].name)` is here", at: lower.span)])
        }
        let complete = rates.compactMap { $0 }
        return complete.count == rates.count ? complete : nil
    }
}

extension Decoding {
    /// A burst: how many cost units a full bucket holds.
    mutating func burst(_ node: SourceNode) -> Located<Int64>? {
        if case .scalar(let scalar) = node.content, (try? UnitText.rate(scalar.text)) != nil {
            let amount = scalar.text.prefix { $0 != "/" }
            mismatch("a burst as a whole number of cost units", found: node, suggestion: "write `\(amount)`")
            return nil
        }
        return number(node, "a burst", in: 1...Int64.max)
    }
}

extension Rate {
    /// Whether more flows in per time than with another rate; exact.
    func isFaster(than other: Rate) -> Bool {
        Int128(amount) * Int128(other.period.count) > Int128(other.amount) * Int128(period.count)
    }
}

extension DiagnosticCode {
    /// Ceilings of an envelope that do not rise.
    static let envelopeOrder = DiagnosticCode("envelope-order")
}
