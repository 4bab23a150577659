import Admission
import Directory
import Dispatch
import NIOCore
import NIOEmbedded
import Policy
import Vocabulary

@testable import Gateway
@testable import Journal

/// A data plane under a policy of the test, with the clock in the test's hands.
struct SmallWorld {
    let plane: DataPlane
    let policy: Snapshot
    /// The event loops.
    let deciders: [Decider]

    /// Something could not be built.
    struct Unusable: Error {
        let what: String
    }

    /// Builds it; tenants are named `acme`, `zenith` and are on the plan `only`.
    init(_ text: String, loops: Int = 1, consumption: Consumption? = nil) throws {
        policy = try SmallWorld.compile(text)
        let hash = KeyedHash(key: (1, 2))
        plane = DataPlane(
            engine: AdmissionEngine(snapshot: policy, at: .zero), binding: try SmallWorld.bind(policy, hash),
            journal: JournalWriter(settings: JournalSettings(), alarm: DispatchSemaphore(value: 0)), headers: .ietf11,
            hash: hash, homeRegion: policy.regions.first?.name, consumption: consumption)
        let plane = plane
        deciders = (0..<loops).map { _ in Decider(plane: plane) }
    }

    static func compile(_ text: String) throws -> Snapshot {
        let compiled = PolicyCompiler.compile([SourceFile(name: "world.yaml", text: text)])
        guard let policy = compiled.snapshot else { throw Unusable(what: "\(compiled.diagnostics)") }
        return policy
    }

    private static func bind(_ policy: Snapshot, _ hash: KeyedHash) throws -> DirectoryBinding {
        var generator = SeededGenerator(seed: 1)
        var contents = DirectoryContents()
        contents.tenants = ["acme", "zenith"].map { Tenant(name: $0, plan: "only") }
        let directory = DirectorySnapshot(
            contents, authenticator: DirectorySecret(using: &generator).authenticator)
        let bound = DirectoryBinding.bind(directory, to: policy, hash: hash)
        guard let binding = bound.binding else { throw Unusable(what: "\(bound.diagnostics)") }
        return binding
    }

    /// Puts another policy in force.
    func apply(_ text: String, at now: Nanoseconds) throws {
        plane.apply(try SmallWorld.bind(try SmallWorld.compile(text), plane.hash), at: SmallWorld.moment(now))
    }

    static func moment(_ now: Nanoseconds) -> Moment {
        Moment(monotonic: now, wall: WallTime(milliseconds: 1_795_000_000_000 + now.count / 1_000_000))
    }

    /// Decides one request at a moment and hands it to the journal, as a door does.
    @discardableResult
    func decide(
        _ operation: String, of tenant: Int = 0, cost: Int64 = 1, at now: Nanoseconds, on loop: Int = 0,
        isPeek: Bool = false, before finish: (Decider, Decision) -> Void = { _, _ in }
    ) throws -> Decision {
        let decider = deciders[loop]
        decider.refresh()
        let (state, moment) = (decider.state, SmallWorld.moment(now))
        let identity = Identity(tenant: tenant, in: state.binding, at: moment.wall)
        var call = DecisionCall(source: .check)
        call.cost = cost
        call.isPeek = isPeek
        let classification = state.policy.classify(
            .operation(named: operation), claim: nil, attributes: [], caller: identity.caller(in: state.binding))
        let periodEnds = PeriodEnds(at: moment.wall, in: .utc)
        var identifiers = DecisionIDSource()
        let decision = Decision(
            id: identifiers.next(at: moment.wall), state: state, identity: identity, classification: classification,
            call: call, moment: moment, periodEnds: periodEnds)
        if let request = decider.request(for: decision), !decision.ask(plane.engine, request) {
            throw Unusable(what: "the policy has changed meanwhile")
        }
        finish(decider, decision)
        decider.finish(decision) { ("GET", "/") }
        return decision
    }

    /// What the journal would write.
    func records() -> [DecisionRecord] { plane.journal.take().records }

    /// The near misses in what the journal would write.
    func nearMisses() -> [DecisionRecord.NearMiss] { records().flatMap(\.nearMisses) }
}
