internal import Admission
internal import Gateway
internal import Journal
internal import PostgresLedger

/// What `headgate serve` was told, checked.
struct ServerSettings {
    /// The policy's document or folder; `nil`: the ledger says it.
    var policyPath: String?
    /// The directory's file; `nil`: the ledger says who is known, and nobody is where there is none.
    var directoryPath: String?
    /// The data folder.
    var dataPath: String
    /// Where the data plane listens.
    var listen: ListenAddress
    /// The region this server stands in.
    var region: String?
    /// How answers tell callers about their limits.
    var headers = HeaderProfile.ietf11
    /// Event loops; `nil`: one per core.
    var threads: Int?
    /// How many tenants, and counters of descriptors, are kept in memory.
    var tenantCapacity = AdmissionEngine.tenantCountMax
    /// How the journal is kept.
    var journal = JournalSettings()
    /// Days that the use of tenants is kept.
    var usageDays: Int32 = 400
    /// Where certificates and tokens are.
    var security = SecurityFiles()
    /// The settings of tokens; `nil`: only API keys are accepted.
    var tokensPath: String?
    /// The reverse proxy; `nil`: there is none.
    var proxy: ProxySettings?
    /// Where the control API listens; `nil`: nowhere.
    var control: ListenAddress?
    /// Where the ledger is, if there is one.
    var ledger: LedgerLocation?
    /// What strangers get at most.
    var limits = ListenerLimits()

    /// States what has no default.
    init(policyPath: String?, directoryPath: String?, dataPath: String, listen: ListenAddress) {
        self.policyPath = policyPath
        self.directoryPath = directoryPath
        self.dataPath = dataPath
        self.listen = listen
    }
}

/// Why a server does not start; the text is complete.
struct ServerFailure: Error, CustomStringConvertible {
    /// What went wrong and what to do.
    let description: String
}
