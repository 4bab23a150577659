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

/// A data plane of one tenant behind the two methods that Envoy calls, asked by somebody who is trusted or is not.
struct EnvoyDoor {
    /// The key of the only principal, which may work as `interactive` and state no attribute.
    let credential: String
    private let plane: DataPlane
    private var peer: HTTPPeer

    /// Something could not be built.
    struct Unusable: Error {
        let what: String
    }

    private static let policy = """
        headgate: 1
        name: door
        owner: tests
        tiers: [{ name: high }, { name: low }]
        classes:
          interactive: { tier: high, consequence: time-sensitive, owner: tests }
          batch: { tier: low, consequence: low, owner: tests }
        service: { rate: 1000/s, burst: 1000 }
        regions: { here: { rate: 1000/s, burst: 1000 } }
        operations:
          read:
            match: "GET /things/{thing}"
            tier: high
            when: [{ workflow.stage: [dormant], tier: low }]
          write: { match: "PUT /things/{thing}", tier: high, cost: 5 }
        plans:
          only:
            tenant: { rate: 100/day, burst: 100 }
            classes: { interactive: { guarantee: 50/day, burst: 50 }, batch: { guarantee: 10/day, burst: 10 } }
            quotas: { requests: 20/month }
        descriptors:
          proxy:
            keys:
              key: credential
              tenant: tenant
              principal: principal
              operation: operation
              method: method
              path: path
              cost: cost
              region: region
              stage: { attribute: workflow.stage }
          counted:
            limits:
              - { key: address, requests: 3, unit: day }
              - { key: tried, requests: 3, unit: day, stage: shadow }
              - { key: free, unlimited: true }
        """

    /// Builds the data plane.
    init(isTrusted: Bool) throws {
        let compiled = PolicyCompiler.compile([SourceFile(name: "door.yaml", text: EnvoyDoor.policy)])
        guard let policy = compiled.snapshot else { throw Unusable(what: "\(compiled.diagnostics)") }
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
        guard let binding = bound.binding else { throw Unusable(what: "\(bound.diagnostics)") }
        var clock = Clock()
        plane = DataPlane(
            engine: AdmissionEngine(snapshot: policy, at: clock.now().monotonic), binding: binding,
            journal: JournalWriter(settings: JournalSettings(), alarm: DispatchSemaphore(value: 0)), headers: .ietf11,
            hash: hash, homeRegion: nil)
        self.credential = credential.text
        peer = HTTPPeer(address: nil, trust: isTrusted ? .loopback : nil)
    }

    /// The same data plane, as somebody else meets it.
    func met(byTrusted isTrusted: Bool) -> EnvoyDoor {
        var door = self
        door.peer = HTTPPeer(address: nil, trust: isTrusted ? .loopback : nil)
        return door
    }

    /// Makes a call and returns what the answer's metadata says, by name.
    func ask(_ method: GRPCMethod, _ message: [UInt8]) throws -> [String: String] {
        let field: UInt64 = method == .shouldRateLimit ? 6 : 4  // dynamic_metadata
        return try EnvoyDoor.texts(of: WireOracle.first(field, in: try answer(method, message)))
    }

    /// Makes a call and returns the answer.
    private func answer(_ method: GRPCMethod, _ message: [UInt8]) throws -> [UInt8] {
        var responder = GatewayResponder(
            plane: plane, services: GatewayServices { _ in }, eventLoop: EmbeddedEventLoop())
        let call = GRPCCall(method: method, message: ByteBuffer(bytes: message), gatewayToken: nil)
        var writer = ByteWriter()
        guard case .written = responder.respond(to: call, from: peer, into: &writer) else {
            throw Unusable(what: "the call fails")
        }
        return writer.copy
    }

    /// Asks about descriptors in a call that fails.
    ///
    /// - Returns: the status and the sentence that it fails with; `nil`: it was answered.
    func failure(_ descriptors: [[(String, String)]]) -> (status: GRPCStatus, text: String)? {
        var responder = GatewayResponder(
            plane: plane, services: GatewayServices { _ in }, eventLoop: EmbeddedEventLoop())
        let message = ByteBuffer(bytes: EnvoyDoor.call(descriptors, in: "proxy"))
        let call = GRPCCall(method: .shouldRateLimit, message: message, gatewayToken: nil)
        var writer = ByteWriter()
        guard case .failed(let status, let text) = responder.respond(to: call, from: peer, into: &writer) else {
            return nil
        }
        return (status, text)
    }

    /// Asks about one descriptor.
    func limit(_ entries: [(String, String)], in domain: String = "proxy") throws -> [String: String] {
        try ask(.shouldRateLimit, EnvoyDoor.call([entries], in: domain))
    }

    /// Asks about descriptors, and returns what became of each.
    func statuses(_ descriptors: [[(String, String)]], in domain: String = "proxy") throws -> [Status] {
        let answer = try answer(.shouldRateLimit, EnvoyDoor.call(descriptors, in: domain))
        return (WireOracle.fields(answer) ?? []).compactMap { field in
            guard case .bytes(2, let status) = field else { return nil }
            return Status(status)
        }
    }

    /// What became of a descriptor (`DescriptorStatus`).
    struct Status: Equatable {
        /// Whether it is over its limit.
        var isOver = false
        /// `current_limit`: requests, and the number of the unit.
        var limit: [UInt64]?
        /// `limit_remaining`.
        var remaining: UInt64 = 0
    }

    private static func call(_ descriptors: [[(String, String)]], in domain: String) -> [UInt8] {
        let descriptors = descriptors.map { entries in
            WireOracle.Field.bytes(2, WireOracle.message(entries.map { .bytes(1, pair($0.0, $0.1)) }))
        }
        return WireOracle.message([.bytes(1, Array(domain.utf8))] + descriptors)
    }

    /// Asks whether a request with this key may pass, by a route that states something.
    func authorize(_ method: String, _ path: String, stating extensions: [(String, String)]) throws -> [String: String]
    {
        let http = WireOracle.message([
            .bytes(2, Array(method.utf8)), .bytes(4, Array(path.utf8)),
            .bytes(3, EnvoyDoor.pair("x-api-key", credential)),
        ])
        let attributes = WireOracle.message(
            [.bytes(4, WireOracle.message([.bytes(2, http)]))]
                + extensions.map { .bytes(10, EnvoyDoor.pair($0.0, $0.1)) })
        return try ask(.checkAuthorization, WireOracle.message([.bytes(1, attributes)]))
    }

    private static func pair(_ name: String, _ value: String) -> [UInt8] {
        WireOracle.message([.bytes(1, Array(name.utf8)), .bytes(2, Array(value.utf8))])
    }

    /// The texts of a `google.protobuf.Struct`.
    private static func texts(of structure: [UInt8]) throws -> [String: String] {
        var texts: [String: String] = [:]
        for case .bytes(1, let entry) in WireOracle.fields(structure) ?? [] {
            let value = try WireOracle.first(2, in: entry)
            guard let text = try? WireOracle.first(3, in: value) else { continue }
            texts[String(decoding: try WireOracle.first(1, in: entry), as: UTF8.self)] = String(
                decoding: text, as: UTF8.self)
        }
        return texts
    }
}

extension EnvoyDoor.Status {
    /// Reads a `DescriptorStatus`.
    init(_ bytes: [UInt8]) {
        for field in WireOracle.fields(bytes) ?? [] {
            switch field {
            case .varint(1, let code): isOver = code == 2
            case .bytes(2, let limit):
                self.limit = (WireOracle.fields(limit) ?? []).compactMap { field in
                    if case .varint(_, let number) = field { number } else { nil }
                }
            case .varint(3, let number): remaining = number
            default: break
            }
        }
    }
}

extension WireOracle {
    /// The first bytes that stand in a field.
    static func first(_ number: UInt64, in message: [UInt8]) throws -> [UInt8] {
        for case .bytes(number, let bytes) in fields(message) ?? [] { return bytes }
        throw EnvoyDoor.Unusable(what: "no field \(number) in \(message)")
    }
}
