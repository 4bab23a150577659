extension PolicySchema {
    /// The section `seats`.
    static var seats: SchemaObject {
        SchemaObject([
            SchemaProperty(
                "limit",
                "How many seats there are: a number, or `adaptive`, which finds it by watching how long requests take.",
                .either([.choice(["adaptive"]), .wholeNumber(1...Limit.seats)]), examples: [200], standard: "adaptive"),
            SchemaProperty(
                "min", "The lowest limit that `adaptive` may find.", .wholeNumber(1...Limit.seats), standard: 4),
            SchemaProperty(
                "first", "The limit with which `adaptive` begins. One that begins low rises quickly.",
                .wholeNumber(1...Limit.seats), standard: 32),
            SchemaProperty(
                "max", "The highest limit that `adaptive` may find.", .wholeNumber(1...Limit.seats), standard: 1_000),
            SchemaProperty(
                "waiting", "How many requests may wait in all tiers together.", .wholeNumber(0...Limit.waiting),
                standard: 10_000),
            SchemaProperty(
                "threshold",
                "Who may wait: `open` leaves that to the bounds of the queues; `adaptive` refuses the least protected work "
                    + "before it waits in vain, whole tenants by turns, and is for tiers with dozens of tenants.",
                .choice(["open", "adaptive"]), standard: "open"),
        ])
    }
}
