/// The methods that a pattern, or a whole part of the tree, lets through: one bit for each registered method.
///
/// `GET` lets `HEAD` through as well. Any method is all 64 bits, more than there are registered methods, so no set of
/// named methods includes it: requests may carry methods that no policy can name.
struct MethodSet: OptionSet, Sendable {
    let rawValue: UInt64

    init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Every method, registered or not.
    static let any = MethodSet(rawValue: .max)

    /// What a pattern with this method lets through; `nil` is any method.
    init(_ method: String?) {
        guard let method else {
            self = .any
            return
        }
        let names = method == "GET" ? ["GET", "HEAD"] : [method]
        rawValue = names.reduce(into: 0) { bits, name in
            guard let bit = RequestMethod.names.firstIndex(of: name) else {
                preconditionFailure("a pattern names registered methods (is \(name))")
            }
            bits |= 1 << UInt64(bit)
        }
    }
}
