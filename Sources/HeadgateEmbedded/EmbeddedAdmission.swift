internal import Directory
internal import Dispatch
internal import Gateway
public import HeadgateClient
internal import Journal
internal import NIOCore
internal import NIOPosix
internal import Policy
internal import Synchronization
internal import Vocabulary

/// Decides requests inside this process, by the same engine that the server has.
///
/// ```swift
/// let headgate = try EmbeddedAdmission(policyPath: "policy.yaml", directoryPath: "directory.yaml")
/// let admission = await headgate.admit(AdmissionCall(method: "GET", path: "/v1/envelopes/7"))
/// ```
///
/// For a service that is one process, or where each process may have its share: several processes do not know of each
/// other. Budgets and quotas begin anew when the process starts.
public final class EmbeddedAdmission: AdmissionSource {
    private let files: EmbeddedFiles
    private let gate: EmbeddedGate
    private let archive: Archive?
    private let hash: KeyedHash
    /// Reloads come one after the other.
    private let reloading = Mutex<Void>(())

    /// Reads policy and directory, and begins.
    ///
    /// - Parameters:
    ///   - policyPath: a policy, or a folder with the documents of one.
    ///   - directoryPath: tenants, principals and keys; `nil`: nobody is known.
    ///   - dataPath: a folder for the record of decisions, which no other process uses; `nil`: none is kept.
    ///   - region: the region this process stands in, one of the policy's.
    /// - Throws: `EmbeddedAdmissionError` with all that is wrong.
    public init(
        policyPath: String, directoryPath: String? = nil, dataPath: String? = nil, region: String? = nil
    ) throws(EmbeddedAdmissionError) {
        files = EmbeddedFiles(policyPath: policyPath, directoryPath: directoryPath, region: region)
        if let dataPath {
            do {
                archive = try Archive(path: dataPath, settings: JournalSettings()) {
                    var clock = Clock()
                    return clock.now()
                } notify: { _ in
                }
            } catch {
                throw EmbeddedAdmissionError("the data folder '\(dataPath)' cannot be used: \(error)")
            }
        } else {
            archive = nil
        }
        hash = EmbeddedAdmission.hash(archive)
        let binding = try files.load(hash: hash)
        gate = EmbeddedGate(
            binding: binding, journal: archive?.journal ?? EmbeddedAdmission.noJournal, headers: .ietf11, hash: hash,
            homeRegion: region, on: MultiThreadedEventLoopGroup.singleton)
    }

    deinit { close() }

    /// Reads policy and directory again, and goes on by them; takes its time.
    ///
    /// - Throws: `EmbeddedAdmissionError` with all that is wrong; then everything stays as it is.
    public func reload() throws(EmbeddedAdmissionError) {
        let outcome = reloading.withLock { _ -> EmbeddedAdmissionError? in
            do throws(EmbeddedAdmissionError) {
                gate.apply(try files.load(hash: hash))
                return nil
            } catch {
                return error
            }
        }
        if let outcome { throw outcome }
    }

    /// Writes what waits to be recorded, and closes the data folder.
    public func close() {
        gate.close()
        archive?.close()
    }

    /// Decides about a request, and waits for its seats as long as it may.
    public func admit(_ call: AdmissionCall) async -> Admission {
        let answer = await gate.admit(EmbeddedCall(call))
        guard let decided = DecidedAnswer(ByteBuffer(bytes: answer.json), fields: answer.limitFields) else {
            preconditionFailure("the engine answers in the words of the wire: \(answer.json)")
        }
        var decision = decided.decision
        decision.waited = .nanoseconds(answer.waited.count)
        guard let hold = answer.hold else { return Admission(decision, holding: nil) }
        return Admission(
            decision,
            holding: HeldSeats { [gate] ending in
                gate.finish(hold, EmbeddedEnding(ending.outcome), latency: Nanoseconds(ending.latency))
            })
    }

    /// A record that nobody reads: it keeps nothing.
    private static var noJournal: JournalWriter {
        var settings = JournalSettings()
        settings.queueDepthMax = 0
        settings.admitSampling = 0
        return JournalWriter(settings: settings, alarm: DispatchSemaphore(value: 0))
    }

    /// With a data folder its own, so that what is recorded of a tenant stays together; else a new one.
    private static func hash(_ archive: Archive?) -> KeyedHash {
        if let key = archive?.usage.hashKey { return KeyedHash(key: (key.high, key.low)) }
        return KeyedHash(key: (.random(in: .min ... .max), .random(in: .min ... .max)))
    }
}

extension EmbeddedCall {
    /// What a call says.
    fileprivate init(_ call: AdmissionCall) {
        self.init()
        credential = call.credential
        tenant = call.tenant
        principal = call.principal
        method = call.method ?? ""
        path = call.path ?? ""
        operation = call.operation
        trafficClass = call.trafficClass
        region = call.region
        cost = call.cost.map { max(1, Int64($0)) }
        bytes = Int64(max(0, call.bytes ?? 0))
        attributes = call.attributes.map { ($0.key, $0.value) }
        waitMax = call.waitMax.map { Nanoseconds(max(0, $0.nanoseconds)) }
    }
}

extension EmbeddedEnding {
    /// How work has ended.
    fileprivate init(_ outcome: WorkOutcome) {
        switch outcome {
        case .completed: self = .completed
        case .failed: self = .failed
        case .abandoned: self = .abandoned
        }
    }
}
