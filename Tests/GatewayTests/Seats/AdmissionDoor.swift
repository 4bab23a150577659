import Admission
import Directory
import Dispatch
import Foundation
import Journal
import NIOCore
import NIOEmbedded
import Policy
import Vocabulary

@testable import Gateway

/// A data plane with one seat and two principals, asked for admissions.
final class AdmissionDoor {
    let loop = EmbeddedEventLoop()
    let gate: SeatGate
    let leases: SeatLeases
    /// The keys of the principals `web` and `batch`.
    let keys: [String]
    let plane: DataPlane
    private var responder: GatewayResponder

    static let policy = """
        headgate: 1
        name: door
        owner: tests
        tiers: [{ name: high, queue: { depth: 5, wait: 10s } }]
        seats: { limit: 1 }
        classes:
          work: { tier: high, consequence: low, owner: tests }
          watched: { tier: high, consequence: low, owner: tests }
        defaults: { class: work }
        operations:
          work: { match: "GET /work", class: work }
          watched: { match: "GET /watched", class: watched }
        plans:
          only: { tenant: { rate: 100/day, burst: 100 } }
        stages: { classes: { watched: shadow } }
        """

    init(
        _ text: String = AdmissionDoor.policy, tenantLeasesMax: Int = 10,
        clock: @escaping @Sendable () -> Nanoseconds = Clock.monotonic
    ) throws {
        let compiled = PolicyCompiler.compile([SourceFile(name: "door.yaml", text: text)])
        guard let policy = compiled.snapshot else { throw SeatPolicy.Unusable(what: "\(compiled.diagnostics)") }
        var generator = SeededGenerator(seed: 1)
        let secret = DirectorySecret(using: &generator)
        var keys: [String] = []
        var contents = DirectoryContents()
        contents.tenants = [Tenant(name: "acme", plan: "only")]
        for name in ["web", "batch"] {
            let credential = Credential(for: .live, using: &generator)
            let key = APIKey(
                id: "k_\(name)", hash: secret.authenticator.hash(of: credential),
                created: WallTime(milliseconds: 1_795_000_000_000))
            contents.principals.append(Principal(owner: .tenant("acme"), name: name, classes: [], keys: [key]))
            keys.append(credential.text)
        }
        let hash = KeyedHash(key: (1, 2))
        let directory = DirectorySnapshot(contents, authenticator: secret.authenticator)
        let bound = DirectoryBinding.bind(directory, to: policy, hash: hash)
        guard let binding = bound.binding else { throw SeatPolicy.Unusable(what: "\(bound.diagnostics)") }
        let now = Clock.monotonic()
        gate = SeatGate(policy: policy, on: loop, at: now)
        leases = SeatLeases(gate: gate, on: loop, tenantCountMax: tenantLeasesMax, at: now, clock: clock)
        self.keys = keys
        plane = DataPlane(
            engine: AdmissionEngine(snapshot: policy, at: now), binding: binding,
            journal: JournalWriter(settings: JournalSettings(), alarm: DispatchSemaphore(value: 0)), headers: .ietf11,
            hash: hash, homeRegion: nil)
        responder = GatewayResponder(
            plane: plane, services: GatewayServices { _ in }, leases: leases, eventLoop: loop)
    }

    /// An answer: its status line and fields, and its body.
    struct Answer {
        let head: String
        let body: [String: Any]

        var status: Int { head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0 }
        var decision: String? { body["decision"] as? String }
        var reason: String? { body["reason"] as? String }
        var admission: [String: Any]? { body["admission"] as? [String: Any] }
        var id: String { admission?["id"] as? String ?? "none" }

        init(_ text: String) {
            let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
            head = String(parts.first ?? "")
            let data = Data((parts.count > 1 ? String(parts[1]) : "").utf8)
            body = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] ?? [:]
        }
    }

    /// A request whose answer may come later.
    final class Exchange {
        private(set) var answer: Answer?
        private(set) var deferral: HTTPDeferral?
        /// Whether the client has closed its end and nobody has read of it.
        var hasGone = false

        init(_ answer: Answer) { self.answer = answer }

        init(_ deferral: HTTPDeferral) {
            self.deferral = deferral
            deferral.attach { [weak self] write in
                var writer = HTTPResponseWriter()
                writer.begin(.init(omitsBody: false, minorVersion: 1, closes: false))
                write(&writer)
                self?.answer = Answer(String(buffer: writer.takeOutput()))
            } hasGone: { [weak self] in
                self?.hasGone ?? true
            }
        }
    }

    /// Sends a request, as somebody who is trusted or as a stranger.
    func send(
        _ method: String, _ path: String, _ body: String = "", isTrusted: Bool = true, key: String? = nil
    ) throws -> Exchange {
        let fields = key.map { "X-API-Key: \($0)\r\n" } ?? ""
        let text = "\(method) \(path) HTTP/1.1\r\nHost: a\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        var input = ByteBuffer(string: text)
        var parser = HTTPRequestParser(limits: HTTPLimits())
        guard case .request(let request) = try parser.next(&input) else {
            throw SeatPolicy.Unusable(what: "no request: \(text)")
        }
        var writer = HTTPResponseWriter()
        writer.begin(.init(omitsBody: false, minorVersion: 1, closes: false))
        let peer = HTTPPeer(address: nil, trust: isTrusted ? .loopback : nil)
        switch responder.respond(to: request, from: peer, into: &writer) {
        case .written: return Exchange(Answer(String(buffer: writer.takeOutput())))
        case .deferred(let deferral): return Exchange(deferral)
        }
    }

    /// Asks for an admission in the tenant's name.
    func admit(_ members: String = "\"operation\": \"work\"") throws -> Exchange {
        try send("POST", "/v1/admissions", "{\"tenant\": \"acme\", \(members)}")
    }

    /// Makes a check, which costs one, and says what the tenant then has left.
    func remaining() throws -> Int? {
        let answer = try send("POST", "/v1/check", "{\"tenant\": \"acme\", \"operation\": \"work\"}").answer
        return answer?.body["remaining"] as? Int
    }
}
