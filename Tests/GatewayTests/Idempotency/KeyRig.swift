import Admission
import Directory
import Dispatch
import Journal
import Policy
import Vocabulary

@testable import Gateway

/// A data plane of two tenants whose operations treat idempotency keys in all three ways.
struct KeyRig {
    let plane: DataPlane

    struct Unusable: Error {
        let what: String
    }

    static func policy(_ idempotency: String, stage: String = "enforce") -> String {
        """
        headgate: 1
        name: keys
        owner: tests
        tiers: [{ name: only }]
        classes: { work: { tier: only, consequence: low, owner: tests } }
        operations:
          pay: { match: "POST /payments", idempotent: required }
          note: { match: "POST /notes" }
          plain: { match: "POST /plain", idempotent: none }
          read: { match: "GET /notes/{note}" }
        plans: { only: { tenant: { rate: 3/day, burst: 3 } } }
        idempotency: \(idempotency)
        stages: { default: \(stage) }
        """
    }

    init(_ idempotency: String = "{}", stage: String = "enforce", archive: AnswerArchive? = nil) throws {
        let binding = try KeyRig.binding(idempotency, stage: stage)
        var clock = Clock()
        let hash = KeyedHash(key: archive.map { ($0.hashKey.high, $0.hashKey.low) } ?? (1, 2))
        var settings = JournalSettings()
        settings.admitSampling = 0  // nobody writes here, so what is to be recorded is held for ever
        let store = IdempotencyStore(treatment: binding.policy.repeats, hash: hash, archive: archive)
        _ = try store.restore(at: clock.now())
        plane = DataPlane(
            engine: AdmissionEngine(snapshot: binding.policy, at: clock.now().monotonic), binding: binding,
            journal: JournalWriter(settings: settings, alarm: DispatchSemaphore(value: 0)), headers: .ietf11,
            hash: KeyedHash(key: (3, 4)), homeRegion: nil, idempotency: store)
    }

    static func binding(_ idempotency: String, stage: String = "enforce") throws -> DirectoryBinding {
        let text = policy(idempotency, stage: stage)
        let compiled = PolicyCompiler.compile([SourceFile(name: "keys.yaml", text: text)])
        guard let policy = compiled.snapshot else { throw Unusable(what: "\(compiled.diagnostics)") }
        var contents = DirectoryContents()
        contents.tenants = [Tenant(name: "acme", plan: "only"), Tenant(name: "globex", plan: "only")]
        contents.principals = [("acme", "web"), ("acme", "app"), ("globex", "web")].map {
            Principal(owner: .tenant($0.0), name: $0.1, classes: [], keys: [])
        }
        let directory = DirectorySnapshot(contents, authenticator: nil)
        let bound = DirectoryBinding.bind(directory, to: policy, hash: KeyedHash(key: (3, 4)))
        guard let binding = bound.binding else { throw Unusable(what: "\(bound.diagnostics)") }
        return binding
    }

    /// Decides a request that goes through Headgate.
    func send(
        _ key: String?, _ target: String = "POST /notes", by principal: String? = "web", of tenant: String = "acme"
    ) -> Decision {
        decide(target, principal, tenant) { call in
            call.keyUse = key.map { KeyUse.answer(field: Array($0.utf8).span) } ?? .answer(nil)
        }
    }

    /// Decides a request about which Headgate is only asked.
    func ask(
        _ key: String?, _ target: String = "POST /notes", by principal: String? = "web", of tenant: String = "acme",
        cost: Int64? = nil
    ) -> Decision {
        decide(target, principal, tenant) { call in
            call.cost = cost
            call.keyUse = key.flatMap { KeyUse.charge(field: Array($0.utf8).span) }
        }
    }

    private func decide(
        _ target: String, _ principal: String?, _ tenant: String, _ prepare: (inout DecisionCall) -> Void
    ) -> Decision {
        var call = DecisionCall(source: .check)
        call.isTrusted = true
        prepare(&call)
        let parts = target.split(separator: " ").map { Array($0.utf8) }
        let (method, path) = (parts[0], parts[1])
        // A decider of its own, so that the decisions before stay as they are.
        return Decider(plane: plane).decide(call) { state, moment in
            let directory = state.binding.directory
            guard let index = directory.tenantIndex(named: Array(tenant.utf8).span) else { return .stranger }
            guard let principal,
                let principalIndex = directory.principalIndex(named: Array(principal.utf8).span, tenant: index)
            else { return Identity(tenant: index, in: state.binding, at: moment.wall) }
            return Identity(principal: principalIndex, in: state.binding, at: moment.wall)
        } target: { policy in
            .matched(policy.matcher.match(method: method.span, path: path.span))
        } describe: {
            (String(decoding: method, as: UTF8.self), String(decoding: path, as: UTF8.self))
        }
    }
}

extension Decision {
    /// The run that this decision lets begin.
    var run: IdempotentRun? { if case .run(let run) = repetition?.course { run } else { nil } }
    /// The wait that this decision lets begin.
    var wait: IdempotentWait? { if case .wait(let wait) = repetition?.course { wait } else { nil } }
    /// The answer that this decision gives again.
    var answer: StoredAnswer? { if case .answer(let answer, _) = repetition?.course { answer } else { nil } }
    /// What is left of the tenant's three requests a day.
    var remaining: Int64? { decidingFacts?.remaining(hasSpent: hasSpent) }
}
