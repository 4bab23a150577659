internal import Tokens
internal import Vocabulary

/// When the keys of outside issuers are to be fetched: now and then, and sooner when a token names one that is not
/// known; never as often as strangers like.
struct KeySetSchedule {
    private var lastTried: [String: Nanoseconds] = [:]
    private var nextDue: [String: Nanoseconds] = [:]

    /// How long a set counts as fresh: an issuer that withdraws a key means soon.
    static let lifetime = Nanoseconds.seconds(900)
    /// How long after a failure it is tried again.
    static let retry = Nanoseconds.seconds(30)
    /// How long at least between two tries, whatever tokens name.
    static let pause = Nanoseconds.seconds(10)

    /// Those that are to be fetched now.
    func due(
        _ settings: TokenSettings, wanted: Set<String>, at now: Nanoseconds
    ) -> [TokenSettings.OutsideIssuer] {
        settings.outside.filter { issuer in
            guard case .url = issuer.keys else { return false }
            let isFree = lastTried[issuer.issuer].map { $0 + KeySetSchedule.pause <= now } ?? true
            let isDue = nextDue[issuer.issuer].map { $0 <= now } ?? true
            return isFree && (isDue || wanted.contains(issuer.issuer))
        }
    }

    /// Takes note of a try.
    mutating func note(_ issuer: String, hasKeys: Bool, at now: Nanoseconds) {
        lastTried[issuer] = now
        nextDue[issuer] = now + (hasKeys ? KeySetSchedule.lifetime : KeySetSchedule.retry)
    }
}
