internal import Admission
internal import ArgumentParser
internal import Gateway
internal import Journal
internal import Ledger
internal import Vocabulary

/// `headgate serve`: the governor itself.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Decide requests by a policy.",
        usage: "headgate serve [--policy <policy>] [--directory <directory>] [--data <data>] [<options>]",
        discussion: """
            Answers POST /v1/check and /v1/check/batch, ANY /v1/authorize (nginx auth_request, Traefik, Caddy, \
            HAProxy), ANY /ext_authz/… (Envoy), and GET /healthz, /readyz and /metrics. With --proxy and --upstream it \
            passes requests on itself, and holds those that have to wait.

            A data folder that 'headgate init' has made, or --ledger, governs: tenants and keys are those of the \
            ledger, and so is the policy unless --policy names a file.

            Policy and directory are read again when they change and on SIGHUP. A file with errors changes nothing: \
            the server goes on with what it had and says so in its log and on /readyz. The same holds for certificates \
            and tokens; connections that are open go on. SIGTERM and SIGINT let running requests finish, answer what \
            is on its way, then stop.
            """)

    @Option(
        help: "A policy document, or a folder of them; without it, the policy that the ledger has in force.",
        completion: .file(extensions: ["yaml", "yml"]))
    var policy: String?
    @Option(
        help: "Tenants, principals and keys, where the ledger does not say them.",
        completion: .file(extensions: ["yaml", "yml"]))
    var directory: String?
    @OptionGroup var place: LedgerOptions
    @Option(help: "Where the data plane listens; beyond loopback with TLS.")
    var listen = "127.0.0.1:8080"
    @Option(
        help: """
            Where the control API listens, such as 127.0.0.1:8081; beyond loopback with the certificate of the data \
            plane. Without it nothing is changed through this server.
            """)
    var control: String?
    @OptionGroup var security: SecurityOptions
    @Option(
        help: "Settings of short-lived tokens: issuer, audience, outside issuers. Without it only API keys count.",
        completion: .file(extensions: ["yaml", "yml"]))
    var tokens: String?
    @OptionGroup var proxying: ProxyOptions
    @Option(help: "The region this server stands in, as the policy names it.")
    var region: String?
    @Option(
        help:
            "How answers tell callers about their limits: \(HeaderProfile.allCases.map(\.rawValue).joined(separator: ", "))."
    )
    var headers = HeaderProfile.ietf11
    @Option(help: "Event loops; by default one per core.")
    var threads: Int?
    @Option(help: "Tenants, and counters of descriptors, in memory at once; counters take three quarters at most.")
    var tenantCapacity = AdmissionEngine.tenantCountMax
    @Option(help: "Of plain admits, keep one in so many in the journal; 0 keeps none, 1 keeps all.")
    var journalAdmits: UInt64 = 100
    @Option(help: "Days a decision is kept.")
    var journalDays = 7
    @Option(help: "Megabytes the journal may take; its write-ahead log, below 8 MiB, comes on top.")
    var journalMegabytes = 1_024
    @Option(help: "Days that the use of tenants is kept, by tenant, principal, class, operation and day.")
    var usageDays: Int32 = 400
    @Option(help: "Connections at once, as far as the hard limit of open files allows.")
    var connections = 10_000
    @Option(
        name: .customLong("connections-per-address"),
        help: "Connections at once from one address; by default no limit on loopback, else a quarter of all.")
    var connectionsPerAddress: Int?

    func validate() throws {
        let address: ListenAddress
        do { address = try ListenAddress(listen) } catch { throw ValidationError("--listen: \(error.description)") }
        try security.check(address)
        if let control = try controlAddress(), !control.isLoopback, !security.speaksTLS {
            throw ValidationError(
                "--control \(control): beyond loopback the control API needs TLS: give --tls-certificate and --tls-key")
        }
        _ = try proxying.settings(security)
        guard threads ?? 1 > 0 else { throw ValidationError("--threads is at least 1") }
        guard (10_000...1_000_000_000).contains(tenantCapacity) else {
            throw ValidationError("--tenant-capacity is 10000 to 1000000000")
        }
        guard journalDays > 0, journalDays <= 36_500 else { throw ValidationError("--journal-days is 1 to 36500") }
        guard journalMegabytes > 0, journalMegabytes <= 1 << 30 else {
            throw ValidationError("--journal-megabytes is at least 1")
        }
        guard usageDays > 0, usageDays <= 36_500 else { throw ValidationError("--usage-days is 1 to 36500") }
        guard connections > 0 else { throw ValidationError("--connections is at least 1") }
        guard connectionsPerAddress ?? 1 > 0 else { throw ValidationError("--connections-per-address is at least 1") }
    }

    private func controlAddress() throws -> ListenAddress? {
        guard let control else { return nil }
        do { return try ListenAddress(control) } catch { throw ValidationError("--control: \(error.description)") }
    }

    func run() async throws {
        var settings = ServerSettings(
            policyPath: policy, directoryPath: directory, dataPath: place.folder.data, listen: try ListenAddress(listen)
        )
        do { settings.ledger = try place.existingLocation } catch { throw Terminal.fail("error: \(error.description)") }
        guard settings.ledger == nil || directory == nil else {
            throw ValidationError("the ledger in \(place.folder.data) says who is known: leave --directory out")
        }
        guard settings.ledger != nil || policy != nil else {
            throw ValidationError("--policy is needed: there is no ledger in \(place.folder.data) to say the policy")
        }
        settings.control = try controlAddress()
        guard settings.control == nil || settings.ledger != nil else {
            throw ValidationError(
                "--control needs a ledger: begin one with 'headgate init --data \(place.folder.data)'")
        }
        settings.region = region
        settings.headers = headers
        settings.threads = threads
        settings.tenantCapacity = tenantCapacity
        settings.journal.admitSampling = journalAdmits
        settings.journal.retention.ageMax = .seconds(Int64(journalDays) * 86_400)
        settings.journal.retention.bytesMax = Int64(journalMegabytes) << 20
        settings.usageDays = usageDays
        settings.security = security.files
        settings.tokensPath = tokens
        settings.proxy = try proxying.settings(security)
        settings.limits.connectionsMax = connections
        settings.limits.connectionsPerPeerMax =
            connectionsPerAddress ?? (settings.listen.isLoopback ? nil : max(1, connections / 4))
        do {
            try await Server(settings).run()
        } catch let failure as ServerFailure {
            throw Terminal.fail(failure.description)
        }
    }
}

extension HeaderProfile: ExpressibleByArgument {}
