extension Schema {
    /// The most bytes that a value can take as JSON, without white space that nobody needs.
    ///
    /// Each byte of a text may be written as `\u0041`. A schema that takes anything has no bound of its own.
    var bytesMax: Int {
        switch self {
        case .text(let range), .lines(let range): 6 * range.upperBound + 2
        case .moment: 40
        case .choice(let words): 6 * (words.map(\.utf8.count).max() ?? 0) + 2
        case .number: 20
        case .flag: 5
        case .list(let element, let max): Schema.bounded(max, times: element.bytesMax + 3) + 2
        case .object(let members):
            // A name, quotes, a colon, a comma, and a line with its indentation.
            members.reduce(64) { min(Schema.unbounded, $0 + 6 * $1.name.utf8.count + $1.schema.bytesMax + 64) }
        case .named(_, let schema): schema.bytesMax
        case .anything: Schema.unbounded
        }
    }

    private static let unbounded = 1 << 30

    private static func bounded(_ count: Int, times bytes: Int) -> Int {
        let (product, overflow) = count.multipliedReportingOverflow(by: bytes)
        return overflow ? unbounded : min(unbounded, product)
    }
}
