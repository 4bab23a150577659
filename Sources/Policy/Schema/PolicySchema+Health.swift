internal import Vocabulary

extension PolicySchema {
    /// The section `health`.
    static var health: SchemaObject {
        SchemaObject([
            SchemaProperty(
                "signals", "What others may tell with `PUT /v1/health/{signal}`, by name.",
                .mapping(.object(healthSignal), countMax: Limit.healthSignals)),
            SchemaProperty(
                "upstream", "What the answers to requests that were given seats say about the system.",
                .object(
                    SchemaObject([
                        SchemaProperty(
                            "errors", "From which share of failures on it is stressed.", .reference(.percentage),
                            standard: "5%"),
                        SchemaProperty(
                            "slowdown", "From how much longer than usual on it is stressed, in percent.",
                            .wholeNumber(Limit.slowdown), standard: 100),
                    ]))),
            SchemaProperty(
                "settle", "How long it must be better before it counts as one step better.", .reference(.duration),
                standard: "10s"),
            SchemaProperty(
                "shed", "How much of the work beyond all reserves is let go while the system is overloaded.",
                .reference(.percentage), standard: "25%"),
            SchemaProperty(
                "tenantErrors",
                "For which tenants only the baseline holds: those of whose requests too many are answered with 400 to "
                    + "499.",
                .object(
                    SchemaObject([
                        SchemaProperty("share", "The share of them.", .reference(.percentage), standard: "10%"),
                        SchemaProperty(
                            "least", "How many requests there must be in any case.", .wholeNumber(1...1_000_000_000),
                            standard: 20),
                        SchemaProperty(
                            "window", "How long requests are counted together.", .reference(.duration),
                            standard: "1m"),
                    ]))),
        ])
    }

    private static var healthSignal: SchemaObject {
        SchemaObject([
            SchemaProperty(
                "steady",
                "From which number on it is no better than `steady`. Without marks the signal is told as a word.",
                .wholeNumber(Limit.signalNumbers)),
            SchemaProperty("stressed", "From which number on it is `stressed`.", .wholeNumber(Limit.signalNumbers)),
            SchemaProperty(
                "overloaded", "From which number on it is `overloaded`.", .wholeNumber(Limit.signalNumbers)),
            SchemaProperty(
                "absent", "What holds while nobody tells it.",
                .choice(Health.allCases.filter { $0 != .overloaded }.map(\.name)), standard: "stressed"),
        ])
    }
}
