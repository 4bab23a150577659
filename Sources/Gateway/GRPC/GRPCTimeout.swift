internal import NIOCore

/// Reading `grpc-timeout` (gRPC's doc/PROTOCOL-HTTP2.md): one to eight digits and a unit.
enum GRPCTimeout {
    /// How long a caller waits; `nil` if the text is no timeout, or longer than anybody lives.
    ///
    /// What cannot be read sets no deadline: the call is answered, and its caller stops to wait whenever it does.
    static func read(_ text: Span<UInt8>) -> TimeAmount? {
        guard (2...9).contains(text.count), let unit = nanoseconds(perUnit: text[text.count - 1]) else { return nil }
        var number: Int64 = 0
        for index in 0..<text.count - 1 {
            guard ASCII.isDigit(text[index]) else { return nil }
            number = number * 10 + Int64(text[index] - ASCII.zero)
        }
        let (time, isTooLong) = number.multipliedReportingOverflow(by: unit)
        return isTooLong || time > longest ? nil : .nanoseconds(time)
    }

    /// A hundred years: deadlines this far are none, and added to a clock they still are numbers.
    private static let longest: Int64 = 100 * 365 * 86_400 * 1_000_000_000

    private static func nanoseconds(perUnit unit: UInt8) -> Int64? {
        switch Character(UnicodeScalar(unit)) {
        case "H": 3_600_000_000_000
        case "M": 60_000_000_000
        case "S": 1_000_000_000
        case "m": 1_000_000
        case "u": 1_000
        case "n": 1
        default: nil
        }
    }
}
