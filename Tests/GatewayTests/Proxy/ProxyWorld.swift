import Admission
import Directory
import Dispatch
import Journal
import NIOCore
import NIOEmbedded
import Policy
import Synchronization
import Vocabulary

@testable import Gateway

/// A proxy without sockets: clients and upstreams are embedded channels on one loop, whose time the test moves.
struct ProxyWorld {
    let eventLoop: EmbeddedEventLoop
    let loop: ListenerLoop<ProxyResponder>
    let seats: SeatGate
    let upstreams: UpstreamSet
    let services: ProxyServices
    let plane: DataPlane
    let doors: Doors
    /// The key of the only principal.
    let credential: String

    /// What the upstreams do when somebody connects.
    // SAFETY: used on the thread of its test only, where the embedded loop runs everything.
    final class Doors: @unchecked Sendable {
        let eventLoop: EmbeddedEventLoop
        /// The connections so far, in the order they were opened.
        var opened: [UpstreamEnd] = []
        /// What connecting to a port fails with.
        var refusals: [Int: any Error] = [:]
        /// Whether connections take until `release` to come about.
        var holds = false
        private var held: [@Sendable () -> Void] = []
        /// How far the clock of the seats is ahead of the machine's.
        var offset: Int64 = 0

        init(eventLoop: EmbeddedEventLoop) { self.eventLoop = eventLoop }

        deinit {
            for end in opened { end.channel.close(promise: nil) }
            eventLoop.run()
        }

        func open(
            _ address: UpstreamAddress, _ initialize: @escaping UpstreamConnector.Initializer
        ) -> EventLoopFuture<any Channel> {
            if let refusal = refusals[address.port] { return eventLoop.makeFailedFuture(refusal) }
            let end = UpstreamEnd(on: eventLoop, port: address.port)
            opened.append(end)
            let channel = end.channel
            return initialize(channel).flatMap { () -> EventLoopFuture<any Channel> in
                // Whoever waits for the connection hears of it before the channel is active, as with sockets.
                let promise = channel.eventLoop.makePromise(of: (any Channel).self)
                let succeed: @Sendable () -> Void = {
                    promise.succeed(channel)
                    // Who hears of it may have closed it at once, and what is closed stays closed.
                    let socket = try? channel.pipeline.syncOperations.handler(type: SocketEnd.self)
                    guard socket?.isClosed == false else { return }
                    channel.connect(to: ProxyWorld.nowhere, promise: nil)
                    channel.read()
                }
                if self.holds { self.held.append(succeed) } else { channel.eventLoop.execute(succeed) }
                return promise.futureResult
            }
        }

        /// The connections that were held come about.
        func release() {
            holds = false
            for succeed in held { eventLoop.execute(succeed) }
            held = []
        }
    }

    /// The beginning of a body, as much as is read before a request asks for seats.
    static let gathered = String(repeating: "g", count: 8_192)

    /// An address that nothing is at.
    static let nowhere: SocketAddress = {
        do { return try SocketAddress(ipAddress: "192.0.2.1", port: 1) } catch { preconditionFailure("\(error)") }
    }()

    static let policy = """
        headgate: 1
        name: proxy
        owner: tests
        tiers: [{ name: high, queue: { depth: 50, wait: 2s } }, { name: low, queue: { depth: 50, wait: 2s } }]
        classes:
          interactive: { tier: high, consequence: time-sensitive, owner: tests }
        service: { rate: 1000000/s, burst: 1000000 }
        operations:
          things: { match: ["GET /t/{x}", "POST /t/{x}", "PUT /t/{x}", "HEAD /t/{x}", "GET /"], tier: high }
          others: { match: "POST /low/{x}", tier: low }
        plans:
          only: { tenant: { rate: 1000000/s, burst: 1000000 } }
        """

    /// Builds it.
    init(
        seats count: Int = 100, upstreams addresses: [String] = ["http://127.0.0.1:9001"],
        limits: ProxyLimits = ProxyLimits(), listener: ListenerLimits = ListenerLimits(),
        policy text: String = ProxyWorld.policy
    ) throws {
        let eventLoop = EmbeddedEventLoop()
        self.eventLoop = eventLoop
        let doors = Doors(eventLoop: eventLoop)
        self.doors = doors
        let policy = try ProxyWorld.snapshot(of: text, seats: count)
        let (plane, credential) = try ProxyWorld.plane(policy)
        self.plane = plane
        self.credential = credential
        let clock: @Sendable () -> Nanoseconds = { Nanoseconds(Clock.monotonic().count + doors.offset) }
        seats = SeatGate(policy: policy, on: eventLoop, at: clock(), clock: clock)
        upstreams = UpstreamSet(try addresses.map { try UpstreamAddress($0) })
        services = ProxyServices(
            gateway: GatewayServices { _ in }, seats: seats, upstreams: upstreams, limits: limits,
            connector: UpstreamConnector { address, _, _, initialize in doors.open(address, initialize) })
        loop = ListenerLoop(
            eventLoop: eventLoop, limits: listener,
            responder: ProxyResponder(plane: plane, services: services, eventLoop: eventLoop),
            wallClock: { WallTime(milliseconds: 784_111_777_000) })
    }

    private static func snapshot(of text: String, seats: Int) throws -> Snapshot {
        let compiled = PolicyCompiler.compile([SourceFile(name: "proxy.yaml", text: text)])
        guard let policy = compiled.snapshot else { throw EnvoyDoor.Unusable(what: "\(compiled.diagnostics)") }
        return Snapshot(
            version: policy.version, name: policy.name, owner: policy.owner, tiers: policy.tiers,
            classes: policy.classes, operations: policy.operations, plans: policy.plans, regions: policy.regions,
            service: policy.service, seats: Seats(limit: .fixed(seats), waitingMax: 100), unknown: policy.unknown,
            repeats: policy.repeats, defaultClass: policy.defaultClass, matcher: policy.matcher)
    }

    private static func plane(_ policy: Snapshot) throws -> (DataPlane, credential: String) {
        var generator = SeededGenerator(seed: 1)
        let secret = DirectorySecret(using: &generator)
        let credential = Credential(for: .live, using: &generator)
        let key = APIKey(
            id: "k_1", hash: secret.authenticator.hash(of: credential),
            created: WallTime(milliseconds: 1_795_000_000_000))
        var contents = DirectoryContents()
        contents.tenants = [Tenant(name: "acme", plan: "only")]
        contents.principals = [
            Principal(owner: .tenant("acme"), name: "web", classes: ["interactive"], keys: [key])
        ]
        let hash = KeyedHash(key: (1, 2))
        let directory = DirectorySnapshot(contents, authenticator: secret.authenticator)
        let bound = DirectoryBinding.bind(directory, to: policy, hash: hash)
        guard let binding = bound.binding else { throw EnvoyDoor.Unusable(what: "\(bound.diagnostics)") }
        var clock = Clock()
        let plane = DataPlane(
            engine: AdmissionEngine(snapshot: policy, at: clock.now().monotonic), binding: binding,
            journal: JournalWriter(settings: JournalSettings(), alarm: DispatchSemaphore(value: 0)), headers: .ietf11,
            hash: hash, homeRegion: nil)
        return (plane, credential.text)
    }

    /// A client connects.
    func connect(_ trust: HTTPPeer.Trust? = nil) throws -> ClientEnd { try ClientEnd(to: loop, trust: trust) }

    /// The connection to an upstream that was opened last.
    func upstream() throws -> UpstreamEnd {
        eventLoop.run()
        guard let end = doors.opened.last else { throw EnvoyDoor.Unusable(what: "nobody connects to an upstream") }
        return end
    }

    /// Time passes, second by second.
    func advance(seconds: Int) {
        for _ in 0..<seconds {
            doors.offset += 1_000_000_000
            eventLoop.advanceTime(by: .seconds(1))
        }
    }

    /// A request as HTTP/1.1, with the principal's key.
    func request(_ line: String = "GET /t/a", _ fields: String..., body: String = "") -> String {
        "\(line) HTTP/1.1\r\nHost: api.example\r\nX-API-Key: \(credential)\r\n"
            + fields.map { "\($0)\r\n" }.joined() + "\r\n" + body
    }

    /// Whether nothing is left of any request: no seat, no place in a queue, no work of an upstream, no byte.
    var isAtRest: Bool {
        eventLoop.run()
        let counts = seats.counts
        return counts.inUse == 0 && counts.tiers.allSatisfy { $0.waiting == 0 } && seats.staleCount == 0
            && upstreams.upstreams.allSatisfy { $0.inFlight.load(ordering: .relaxed) == 0 } && loop.heldBytes == 0
    }

    /// What the metrics say of a series; `nil`: nothing.
    func metric(_ series: String) -> Int? {
        var text = PrometheusText()
        services.write(to: &text)
        for line in text.text.split(separator: "\n") where line.hasPrefix(series + " ") {
            return Int(line.dropFirst(series.utf8.count + 1))
        }
        return nil
    }
}
