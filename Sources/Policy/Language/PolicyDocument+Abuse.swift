internal import Vocabulary

extension PolicyDocument {
    /// The section `abuse`.
    struct Abuse {
        /// The rules, in the order of the file.
        var rules: [AbuseRule] = []
        /// How to appeal, if stated.
        var appeal: String?
        /// What a challenge asks for.
        var stepUp = AbusePolicy.StepUp()
        /// Bits of prefixes of IPv4 addresses.
        var prefixBitsIPv4 = AbusePolicy.prefixBitsIPv4Standard
        /// Bits of prefixes of IPv6 addresses.
        var prefixBitsIPv6 = AbusePolicy.prefixBitsIPv6Standard

        /// Decodes the section; `nil` if it is no mapping.
        init?(_ node: SourceNode, _ decoding: inout Decoding) {
            guard let fields = decoding.fields(of: node, .abuse) else { return nil }
            appeal = fields["appeal"].flatMap { decoding.appeal($0) }
            if let node = fields["stepUp"] { stepUp = Abuse.stepUp(node, &decoding) }
            if let node = fields["prefixes"], let bits = decoding.fields(of: node, .prefixes) {
                prefixBitsIPv4 =
                    bits["ipv4"].flatMap { decoding.number($0, "a prefix of IPv4", in: 8...32) }
                    .map { Int($0.value) } ?? prefixBitsIPv4
                prefixBitsIPv6 =
                    bits["ipv6"].flatMap { decoding.number($0, "a prefix of IPv6", in: 16...128) }
                    .map { Int($0.value) } ?? prefixBitsIPv6
            }
            if let node = fields["rules"] {
                rules = decoding.entries(of: node, "rules", max: Limit.abuseRules).compactMap {
                    AbuseRule($0, &decoding)
                }
            }
        }

        private static func stepUp(_ node: SourceNode, _ decoding: inout Decoding) -> AbusePolicy.StepUp {
            guard let fields = decoding.fields(of: node, .stepUp) else { return AbusePolicy.StepUp() }
            let values = fields["acrValues"].map {
                decoding.items(of: $0, "authentication context classes", max: Limit.acrValues, ofTexts: true)
            }
            let texts = (values ?? []).compactMap { decoding.acrValue($0) }
            let age = fields["maxAge"].flatMap { decoding.duration($0) }
            if let age, age.value.count % Nanoseconds.second.count != 0 {
                decoding.error(
                    .invalidValue, "`maxAge` goes to callers in whole seconds", at: age.span,
                    suggestion: "write `\(age.value.secondsRoundedUp)s`")
            }
            return AbusePolicy.StepUp(
                acrValues: texts.isEmpty ? nil : texts.joined(separator: " "),
                maxAgeSeconds: age?.value.secondsRoundedUp)
        }
    }
}

extension Decoding {
    /// How to appeal: one line of visible ASCII, since it stands in a header field.
    fileprivate mutating func appeal(_ node: SourceNode) -> String? {
        guard let text = text(node, "a way to appeal, as an address or a sentence") else { return nil }
        guard text.value.utf8.count <= 512, text.value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            error(
                .invalidValue, "`appeal` stands in a header field: at most 512 ASCII characters", at: text.span,
                suggestion: "write an address such as `https://example.com/appeals`")
            return nil
        }
        return text.value
    }

    /// An authentication context class: what RFC 9470 lets stand inside quotes, without blanks.
    fileprivate mutating func acrValue(_ node: SourceNode) -> String? {
        guard let text = text(node, "an authentication context class") else { return nil }
        let isPlain = text.value.utf8.allSatisfy {
            (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
        }
        guard isPlain, text.value.utf8.count <= 128 else {
            error(
                .invalidValue, "\(text.value.quoted) cannot stand in `acr_values`", at: text.span,
                suggestion: "write at most 128 ASCII characters without blanks, quotes and backslashes")
            return nil
        }
        return text.value
    }
}
