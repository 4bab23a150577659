extension PolicySchema {
    /// The section `idempotency`.
    static var idempotency: SchemaObject {
        SchemaObject([
            SchemaProperty(
                "window", "How long after its answer a key is remembered, at most 31 days.", .reference(.duration),
                standard: "24h"),
            SchemaProperty(
                "entries", "Keys that are remembered for one tenant; of more, those answered longest ago go.",
                .wholeNumber(Limit.idempotencyKeys), standard: 10_000),
            SchemaProperty(
                "bytes", "Bytes that the stored answers of one tenant may take, 64KiB to 1GiB.", bytes,
                standard: "16MiB"),
            SchemaProperty(
                "body", "Bytes that the body of a stored answer may have, at most 16MiB.", bytes, standard: "1MiB"),
            SchemaProperty(
                "repeats", "Repeats of one key that are not charged.", .wholeNumber(Limit.repeats), standard: 16),
            SchemaProperty(
                "concurrent",
                "What a repeat finds while the first request is running: `reject` refuses it, `join` lets it wait "
                    + "for the same answer.", .choice(RepeatTreatment.Concurrent.allCases.map(\.name)),
                standard: "reject"),
            SchemaProperty(
                "interrupted",
                "What a repeat finds when Headgate ended while the first request was running: `reject` refuses it, "
                    + "`run` runs it again, for APIs that recognise repeats themselves.",
                .choice(RepeatTreatment.Interrupted.allCases.map(\.name)), standard: "reject"),
            SchemaProperty(
                "stored",
                "Which answers are stored: `final` those that would be the same again, `successful` 2xx and 3xx.",
                .choice(RepeatTreatment.Stored.allCases.map(\.name)), standard: "final"),
        ])
    }

    /// A number of bytes; without a unit it may be a number.
    private static var bytes: SchemaNode {
        .either([.text(pattern: SchemaPattern.bytes), .wholeNumber(0...Int64.max)])
    }
}
