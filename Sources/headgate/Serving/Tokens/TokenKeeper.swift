internal import Gateway
internal import Governance
internal import Logging
internal import Policy
internal import Tokens
internal import Vocabulary

/// Keeps what tokens are decided by, beside requests.
///
/// Reads the settings anew when they change, turns signing keys, takes up the keys of outside issuers, and writes down
/// what was withdrawn.
final class TokenKeeper: Sendable {
    /// Who knows what tokens are worth.
    let authority: TokenAuthority
    private let files: TokenFiles
    private let log: Logger
    private let outsideKeys: OutsideKeys
    private let initial: Holding
    /// What a ledger says of tokens; `nil`: the files say all of it.
    let governed: GovernedTokens?

    /// What the setup was made of.
    struct Holding: Equatable, Sendable {
        /// What the file says.
        var stated: TokenSettings
        /// The same, with what the ledger says besides.
        var settings: TokenSettings
        /// The signing keys.
        var ring: SigningKeyRing
        /// The sets of keys of outside issuers, as they publish them.
        var keySets: [String: [UInt8]]
        /// Which policies were published.
        var floor: PolicyFloor

        /// Everything brought together.
        func setup() async throws -> TokenAuthority.Setup {
            try await TokenAuthority.Setup(settings, ring: ring, outsideKeys: keySets, floor: floor)
        }
    }

    /// How often files and policy are looked at, and the state is written: as much as may be lost of what was
    /// withdrawn when the process is killed.
    private static let interval = Duration.milliseconds(200)
    /// Turns of the above between looks at the age of keys and at what is over.
    private static let turnsPerSweep = 50

    /// Reads everything for the first time; keys that are at URLs are fetched after the start.
    ///
    /// `governed`: the ledger, and whether policies are its own.
    init(
        _ files: TokenFiles, policyVersion: String, governed: (ledger: Governed, governsPolicies: Bool)?,
        at now: WallTime, log: Logger
    ) async throws(ServerFailure) {
        self.files = files
        self.log = log
        do {
            let stated = try files.settings()
            let state = try files.state()
            let ledger = governed.map {
                GovernedTokens($0.ledger, algorithm: stated.algorithm, governsPolicies: $0.governsPolicies)
            }
            self.governed = ledger
            try await ledger?.begin(with: files.ring, at: now)
            let settings = ledger?.settings(stated) ?? stated
            var floor = ledger?.floor ?? PolicyFloor(published: state.published)
            if floor.published.last != policyVersion { floor.publish(policyVersion) }
            var holding = Holding(
                stated: stated, settings: settings,
                ring: try ledger?.ring(at: now) ?? files.ring.readOrMake(settings.algorithm, at: now),
                keySets: state.keySets.mapValues { Array($0.utf8) }, floor: floor)
            if ledger == nil, try holding.ring.prepareNext(settings.algorithm, at: now) {
                try files.ring.write(holding.ring)
            }
            holding.keySets.merge(try TokenKeeper.keysInFiles(settings, files)) { _, new in new }
            initial = holding
            authority = TokenAuthority(try await holding.setup(), revocations: state.revocations)
            if let ledger { authority.govern(ledger.revocations) }
            outsideKeys = OutsideKeys(settings, for: authority, log: log)
        } catch let problem as Configuration.Problem {
            throw ServerFailure(
                description: "headgate cannot start: the settings of tokens cannot be used.\n\(problem.text)")
        } catch {
            throw ServerFailure(description: "headgate cannot start: the keys of tokens cannot be used: \(error)")
        }
    }

    private static func keysInFiles(
        _ settings: TokenSettings, _ files: TokenFiles
    ) throws(Configuration.Problem) -> [String: [UInt8]] {
        var keySets: [String: [UInt8]] = [:]
        for issuer in settings.outside {
            if case .file(let name) = issuer.keys { keySets[issuer.issuer] = try files.keys(inFile: name) }
        }
        return keySets
    }

    /// Works until it is cancelled.
    func run(_ plane: DataPlane, _ services: GatewayServices, _ signals: SignalWatch) async {
        let outsideKeys = outsideKeys
        services.observe { outsideKeys.write(to: &$0) }
        async let fetching: Void = outsideKeys.run()
        await keep(plane, services, signals)
        await fetching
    }

    private func keep(_ plane: DataPlane, _ services: GatewayServices, _ signals: SignalWatch) async {
        var holding = initial
        var watch = FileWatch(FileFingerprint(files.watchedPaths(holding.settings)))
        var written = TokenFiles.State()
        var reloads = signals.reloadCount
        var turn = 0
        var held: Int64 = -1
        var trouble: String?
        var untold = leftUntold
        while (try? await Task.sleep(for: TokenKeeper.interval)) != nil {
            turn += 1
            var clock = Clock()
            let now = clock.now()
            var next = holding
            let requested = signals.reloadCount
            if watch.look(FileFingerprint(files.watchedPaths(holding.settings)), isRequested: requested != reloads) {
                reload(&next, services, at: now.wall)
            }
            reloads = requested
            if let governed {
                untold = await governed.tell(
                    untold + authority.takeRevoked().map { TokenRevocationFacts($0.grant, at: $0.at) })
                let sequence = governed.sequence
                if sequence != held {
                    let problem = takeOver(governed, &next, at: now.wall)
                    if let problem, problem != trouble { log.error("\(problem)") }
                    trouble = problem
                    if problem == nil { held = sequence }
                }
            }
            let version = plane.state.policy.version.description
            if next.floor.published.last != version {
                next.floor = governed?.floor ?? next.floor
                if next.floor.published.last != version { next.floor.publish(version) }
            }
            if turn % TokenKeeper.turnsPerSweep == 0 {
                authority.sweep(at: now.wall)
                await turnKeys(&next, at: now.wall)
            }
            let fetched = outsideKeys.take()
            next.keySets.merge(fetched) { _, new in new }
            if next != holding, await apply(next) {
                holding = next
                for issuer in fetched.keys.sorted() { log.notice("the keys of \(issuer) are fetched and hold") }
            }
            write(holding, &written)
        }
    }

    /// What the run before has withdrawn and could not tell the ledger.
    private var leftUntold: [TokenRevocationFacts] {
        guard let known = governed?.revocations.tokens else { return [] }
        var clock = Clock()
        let now = EventTime(clock.now().wall)
        return authority.revoked.tokens.filter { known[$0.key] == nil }.map { name, expires in
            TokenRevocationFacts(
                issuer: name.issuer, id: name.id, expires: EventTime(WallTime(milliseconds: expires)), at: now)
        }
    }

    /// Lets hold what the ledger says now.
    ///
    /// - Returns: why it cannot be; then it is tried again.
    private func takeOver(_ governed: GovernedTokens, _ holding: inout Holding, at now: WallTime) -> String? {
        authority.govern(governed.revocations)
        do {
            let ring = try governed.ring(at: now)
            let settings = governed.settings(holding.stated)
            if settings != holding.settings {
                let names = Set(settings.outside.map(\.issuer))
                holding.keySets = holding.keySets.filter { names.contains($0.key) }
                outsideKeys.follow(settings)
            }
            holding.settings = settings
            holding.ring = ring
            return nil
        } catch {
            return "what the ledger says of signing keys cannot be used; those of before hold: \(error)"
        }
    }

    /// Writes what is left.
    func finish() {
        guard var state = try? files.state() else { return }
        state.revocations = authority.revoked
        if let failure = files.write(state) { log.error("withdrawn tokens are not written down: \(failure)") }
    }

    private func apply(_ holding: Holding) async -> Bool {
        do {
            authority.apply(try await holding.setup())
            return true
        } catch {
            log.error("the keys of tokens cannot be used; nothing has changed: \(error)")
            return false
        }
    }

    private func reload(_ holding: inout Holding, _ services: GatewayServices, at now: WallTime) {
        do throws(Configuration.Problem) {
            let stated = try files.settings()
            let settings = governed?.settings(stated) ?? stated
            let keySets = try TokenKeeper.keysInFiles(settings, files)
            var next = holding
            next.stated = stated
            next.settings = settings
            let names = Set(settings.outside.map(\.issuer))
            next.keySets = holding.keySets.filter { names.contains($0.key) }.merging(keySets) { _, new in new }
            if governed == nil, (try? next.ring.prepareNext(settings.algorithm, at: now)) ?? false { save(next.ring) }
            holding = next
            outsideKeys.follow(settings)
            services.setProblem(nil, with: TokenFiles.part)
            log.notice("the settings of tokens are applied")
        } catch {
            services.setProblem(error.text, with: TokenFiles.part)
            log.error("the settings of tokens on disk cannot be used; nothing has changed\n\(error.text)")
        }
    }

    /// Lets the next key sign when the present one has signed long enough, and forgets those that nobody needs.
    ///
    /// The file is written first: a key that signs must be there after a restart.
    private func turnKeys(_ holding: inout Holding, at now: WallTime) async {
        var ring = holding.ring
        if let governed {
            do {
                // What has changed is taken over like what other servers change.
                if try await governed.turnIfDue(ring, holding.settings, at: now) { return }
                if ring.prune(lifetimeMax: TokenIssuer.lifetimeMax, at: now) { holding.ring = ring }
            } catch {
                log.error("the signing keys cannot be turned; they stay as they are: \(error)")
            }
            return
        }
        let isTurned = ring.isDue(
            after: holding.settings.rotation, publishedFor: TokenSettings.overlap, at: now)
        if isTurned { guard (try? ring.rotate(holding.settings.algorithm, at: now)) != nil else { return } }
        guard ring.prune(lifetimeMax: TokenIssuer.lifetimeMax, at: now) || isTurned, save(ring) else { return }
        holding.ring = ring
        if isTurned, let current = ring.current { log.notice("tokens are signed with the \(current)") }
    }

    @discardableResult
    private func save(_ ring: SigningKeyRing) -> Bool {
        do {
            try files.ring.write(ring)
            return true
        } catch {
            log.error("signing keys cannot be written; they stay as they are: \(error.description)")
            return false
        }
    }

    private func write(_ holding: Holding, _ written: inout TokenFiles.State) {
        let state = TokenFiles.State(
            published: holding.floor.published, revocations: authority.revoked,
            keySets: holding.keySets.mapValues { String(decoding: $0, as: UTF8.self) })
        guard state != written else { return }
        if let failure = files.write(state) {
            log.error("withdrawn tokens are not written down: \(failure)")
        } else {
            written = state
        }
    }
}
