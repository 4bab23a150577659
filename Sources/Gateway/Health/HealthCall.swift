internal import Admission
internal import NIOCore
internal import Policy
internal import Vocabulary

/// The body of `PUT /v1/health/{signal}`: a word or a number, and for how long it counts.
struct HealthCall {
    /// What is told.
    let value: SignalBoard.Value
    /// For how long.
    let lasting: Nanoseconds

    /// For how long unless the call says otherwise: a pusher that tells twice a minute may miss one turn.
    private static let secondsStandard: Int64 = 60
    /// Numbers: whatever is counted or measured, and far below overflow.
    private static let numberRange: ClosedRange<Int64> = -1_000_000_000_000_000...1_000_000_000_000_000
    /// The longest body: all members are short.
    static let bodyBytesMax = 4_096

    /// Reads a body.
    ///
    /// - Throws: the first thing that is wrong.
    init(_ body: ByteBuffer, _ scanner: inout JSONScanner) throws(JSONError) {
        scanner.load(body.readableBytesUInt8Span)
        try scanner.beginObject()
        let start = scanner.offset - 1
        var word: Health?
        var number: Int64?
        var seconds = HealthCall.secondsStandard
        while let name = try scanner.nextMember() {
            switch scanner.string(name) {
            case "state": word = try HealthCall.word(&scanner)
            case "number": number = try HealthCall.integer(HealthCall.numberRange, &scanner)
            case "seconds": seconds = try HealthCall.integer(1...HealthPolicy.ttlMax.secondsRoundedUp, &scanner)
            default: throw scanner.invalid("is an unknown member; a signal has state or number, and seconds")
            }
        }
        try scanner.end()
        switch (word, number) {
        case (let word?, nil): value = .health(word)
        case (nil, let number?): value = .number(number)
        default: throw scanner.invalid("must have a `state` or a `number`, and not both", at: start)
        }
        lasting = .seconds(seconds)
    }

    private static func word(_ scanner: inout JSONScanner) throws(JSONError) -> Health {
        _ = try scanner.peek()
        let start = scanner.offset
        let word = scanner.string(try scanner.readString())
        guard let health = Health.allCases.first(where: { $0.name == word }) else {
            throw scanner.invalid("must be one of \(Health.allCases.map(\.name).joined(separator: ", "))", at: start)
        }
        return health
    }

    private static func integer(
        _ range: ClosedRange<Int64>, _ scanner: inout JSONScanner
    ) throws(JSONError) -> Int64 {
        _ = try scanner.peek()
        let start = scanner.offset
        let number = try scanner.readInteger()
        guard range.contains(number) else {
            throw scanner.invalid("must be a whole number from \(range.lowerBound) to \(range.upperBound)", at: start)
        }
        return number
    }
}
