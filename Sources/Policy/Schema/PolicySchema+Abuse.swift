extension PolicySchema {
    /// The section `abuse`.
    static var abuse: SchemaObject {
        SchemaObject([
            SchemaProperty(
                "rules", "The rules by name: what they look for, in whom, and what follows.",
                .mapping(.reference(.abuseRule), countMax: Limit.abuseRules)),
            SchemaProperty(
                "appeal",
                "How somebody who is quarantined by mistake gets out: an address or a sentence. It stands in every "
                    + "answer to them.", .reference(.line), examples: ["https://example.com/appeals"]),
            SchemaProperty(
                "stepUp", "What a challenged caller is asked for (RFC 9470).",
                .object(
                    SchemaObject([
                        SchemaProperty(
                            "acrValues", "Authentication context classes, the preferred first.",
                            .list(.reference(.line), countMax: Limit.acrValues), examples: [["urn:example:mfa"]]),
                        SchemaProperty(
                            "maxAge", "How long ago the caller may have authenticated, in whole seconds.",
                            .reference(.duration), examples: ["5m"]),
                    ]))),
            SchemaProperty(
                "prefixes", "How many bits addresses have in common that count as one subject of kind `prefix`.",
                .object(
                    SchemaObject([
                        SchemaProperty("ipv4", "Bits of IPv4 addresses.", .wholeNumber(8...32), standard: 24),
                        SchemaProperty("ipv6", "Bits of IPv6 addresses.", .wholeNumber(16...128), standard: 64),
                    ]))),
        ])
    }

    /// One entry of `abuse.rules`.
    static var abuseRule: SchemaObject { SchemaObject(abuseConsequences + abuseSigns) }

    private static var abuseConsequences: [SchemaProperty] {
        [
            SchemaProperty(
                "detect", "What is taken for a sign of abuse.",
                .choice(["spike", "errors", "early-retry", "unknown-credentials", "new-region"]), isRequired: true),
            SchemaProperty(
                "subject", "Whom the rule counts apart, and whom it acts on.",
                .choice(AbuseRule.SubjectKind.allCases.map(\.name)), isRequired: true),
            SchemaProperty(
                "action", "What follows.", .choice(AbuseRule.Action.allCases.map(\.name)), isRequired: true),
            SchemaProperty("for", "For how long.", .reference(.duration), standard: "15m"),
            SchemaProperty(
                "stage", "How far the rule is applied: `observe` counts, `shadow` also records, `enforce` means it.",
                .choice(["observe", "shadow", "enforce"]), standard: "enforce"),
            SchemaProperty(
                "spareTiers", "Tiers whose work goes on all the same. Without it, the first tier.",
                .list(.reference(.tierName), countMax: Limit.tiers, isUnique: true)),
            SchemaProperty(
                "spareClasses", "Classes whose work goes on all the same.",
                .list(.reference(.className), countMax: Limit.classes, isUnique: true)),
            SchemaProperty("description", "What the rule is for, in free text.", .reference(.text)),
        ]
    }

    private static var abuseSigns: [SchemaProperty] {
        [
            SchemaProperty("window", "How long requests are counted together.", .reference(.duration)),
            SchemaProperty(
                "least",
                "How many requests a window has at least: all of them for `spike` and `errors`, those that "
                    + "are a sign for the others.", .wholeNumber(1...1_000_000_000)),
            SchemaProperty(
                "history", "`spike`: how far back the subject's own history reaches.", .reference(.duration),
                standard: "1h"),
            SchemaProperty(
                "factor", "`spike`: how many times the history's mean a window has.", .wholeNumber(2...1_000_000),
                standard: 10),
            SchemaProperty(
                "of", "`errors`: refusals of ours, or answers of the API that the proxy reports.",
                .choice(AbuseRule.Errors.Kind.allCases.map(\.name)), standard: "refusals"),
            SchemaProperty("share", "`errors`: the share of them.", .reference(.percentage), standard: "50%"),
            SchemaProperty(
                "grace", "`early-retry`: how long a refusal is on its way to the caller.", .reference(.duration),
                standard: "200ms"),
            SchemaProperty(
                "distinct", "`unknown-credentials`: how many different ones at least.",
                .wholeNumber(1...AbuseRule.UnknownCredentials.distinctMax), standard: 4),
            SchemaProperty(
                "learn", "`new-region`: how long after its first request every region of a key is learnt.",
                .reference(.duration), standard: "1d"),
            SchemaProperty(
                "memory", "`new-region`: how long a region is remembered at least.", .reference(.duration),
                standard: "30d"),
        ]
    }
}
