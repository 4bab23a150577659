internal import Gateway
internal import Logging
internal import Synchronization
internal import Tokens
internal import Vocabulary

/// Fetches the keys of outside issuers, one after the other, apart from everything else: a place that does not answer
/// holds nothing up.
final class OutsideKeys: Sendable {
    private let authority: TokenAuthority
    private let log: Logger
    private let state: Mutex<State>

    private struct State {
        var settings: TokenSettings
        var fetched: [String: [UInt8]] = [:]
        var isAvailable: [String: Bool] = [:]
    }

    /// How often it is looked whether keys are wanted.
    private static let interval = Duration.milliseconds(200)

    /// Fetches what some settings say.
    init(_ settings: TokenSettings, for authority: TokenAuthority, log: Logger) {
        self.authority = authority
        self.log = log
        state = Mutex(State(settings: settings))
    }

    /// Goes by other settings from now on.
    func follow(_ settings: TokenSettings) { state.withLock { $0.settings = settings } }

    /// The sets that have been fetched since the last call, by issuer.
    func take() -> [String: [UInt8]] {
        state.withLock { state in
            defer { state.fetched = [:] }
            return state.fetched
        }
    }

    /// Works until it is cancelled.
    func run() async {
        var schedule = KeySetSchedule()
        while (try? await Task.sleep(for: OutsideKeys.interval)) != nil {
            let settings = state.withLock { $0.settings }
            let due = schedule.due(settings, wanted: authority.takeWantedIssuers(), at: Clock.monotonic())
            for issuer in due {
                let isFetched = await fetch(issuer)
                schedule.note(issuer.issuer, hasKeys: isFetched, at: Clock.monotonic())
            }
        }
    }

    /// - Returns: whether there are keys.
    private func fetch(_ issuer: TokenSettings.OutsideIssuer) async -> Bool {
        guard case .url(let url) = issuer.keys else { return false }
        let problem: String?
        do {
            let bytes = try await KeySetFetcher(url).fetch()
            guard TokenAuthority.isKeySet(bytes) else {
                throw KeySetFetcher.Problem(description: "\(url) holds no set of keys")
            }
            state.withLock { $0.fetched[issuer.issuer] = bytes }
            problem = nil
        } catch {
            problem = "\(error)"
        }
        let isNews = state.withLock { state in
            state.isAvailable.updateValue(problem == nil, forKey: issuer.issuer) != (problem == nil)
        }
        guard isNews else { return problem == nil }
        if let problem {
            log.warning("the keys of \(issuer.issuer) cannot be fetched; those of the last time hold: \(problem)")
        } else {
            log.notice("the keys of \(issuer.issuer) can be fetched")
        }
        return problem == nil
    }

    /// Writes which places answer.
    func write(to text: inout PrometheusText) {
        text.begin("headgate_token_issuer_available", .gauge, "1 while the keys of an outside issuer can be fetched.")
        for (issuer, isAvailable) in state.withLock({ $0.isAvailable }).sorted(by: { $0.key < $1.key }) {
            text.sample("headgate_token_issuer_available", [("issuer", issuer)], isAvailable ? "1" : "0")
        }
    }
}
