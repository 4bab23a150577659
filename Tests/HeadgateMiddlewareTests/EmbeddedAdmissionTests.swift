import Foundation
import HeadgateClient
import HeadgateEmbedded
import HTTPTypes
import Testing

/// The engine inside this process.
@Suite struct `the embedded engine` {
    private static let policy = """
        headgate: 1
        name: embedded
        owner: tests
        tiers: [{ name: critical }, { name: low }]
        service: { rate: 1000/s, burst: 1000 }
        defaults: { class: work }
        classes:
          work: { tier: critical, consequence: low, owner: tests }
        operations:
          act: { match: "POST /v1/acts/{act}" }
          sign: { match: "POST /v1/signatures" }
        plans:
          standard:
            tenant: { rate: 100/s, burst: 100 }
            operations: { sign: { rate: 1/day, burst: 2 } }
        """
    private static let directory = """
        headgate-directory: 1
        tenants:
          acme:
            plan: standard
        """

    /// Files in a folder that is gone afterwards.
    private static func withFiles(
        _ policy: String = policy, _ body: (_ policyPath: String, _ directoryPath: String) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "headgate-embedded-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let paths = ["policy.yaml", "directory.yaml"].map { folder.appending(path: $0).path }
        try policy.write(toFile: paths[0], atomically: false, encoding: .utf8)
        try directory.write(toFile: paths[1], atomically: false, encoding: .utf8)
        try await body(paths[0], paths[1])
    }

    private static func call(_ path: String) -> AdmissionCall {
        var call = AdmissionCall(method: "POST", path: path)
        call.tenant = "acme"
        return call
    }

    /// What is decided about a request, which then is done.
    private static func decision(of call: AdmissionCall, by source: EmbeddedAdmission) async -> Decision {
        let admission = await source.admit(call)
        let decision = admission.decision
        admission.completed()
        return decision
    }

    @Test func `decides by the policy, in the words of the server`() async throws {
        try await Self.withFiles { policyPath, directoryPath in
            let source = try EmbeddedAdmission(policyPath: policyPath, directoryPath: directoryPath)
            let acted = await Self.decision(of: Self.call("/v1/acts/7"), by: source)
            #expect(acted.isAdmitted && acted.origin == .engine)
            #expect(acted.tenant == "acme" && acted.operation == "act")
            #expect(acted.tier == "critical" && acted.trafficClass == "work")
            #expect(acted.id != nil && acted.policy?.hasPrefix("sha256:") == true)
            #expect(acted.limitFields.map(\.name.rawName).contains("RateLimit"))
            for number in 1...3 {
                let signed = await Self.decision(of: Self.call("/v1/signatures"), by: source)
                #expect(signed.isAdmitted == (number <= 2))
                #expect(signed.reason == (number <= 2 ? "borrowed" : "operation_budget"))
                #expect((signed.retryAfter == nil) == (number <= 2))
            }
            let unknown = await Self.decision(of: AdmissionCall(method: "GET", path: "/elsewhere"), by: source)
            #expect(!unknown.isAdmitted && unknown.operation == nil)
        }
    }

    @Test func `goes on by what a reload reads, and stays as it is when that is wrong`() async throws {
        try await Self.withFiles { policyPath, directoryPath in
            let source = try EmbeddedAdmission(policyPath: policyPath, directoryPath: directoryPath)
            try Self.policy.replacing("tier: critical", with: "tier: low")
                .write(toFile: policyPath, atomically: false, encoding: .utf8)
            try source.reload()
            #expect(await Self.decision(of: Self.call("/v1/acts/7"), by: source).tier == "low")
            try "headgate: 1\ntires: []\n".write(toFile: policyPath, atomically: false, encoding: .utf8)
            #expect(throws: EmbeddedAdmissionError.self) { try source.reload() }
            #expect(await Self.decision(of: Self.call("/v1/acts/7"), by: source).tier == "low")
        }
    }

    @Test func `says where a policy is wrong, and what is not there`() async throws {
        try await Self.withFiles(Self.policy.replacing("rate: 1000/s", with: "rate: often")) { policyPath, _ in
            let error = #expect(throws: EmbeddedAdmissionError.self) { try EmbeddedAdmission(policyPath: policyPath) }
            #expect(error?.description.contains("policy.yaml:5") == true)
        }
        let missing = #expect(throws: EmbeddedAdmissionError.self) {
            try EmbeddedAdmission(policyPath: "/nowhere/policy.yaml")
        }
        #expect(missing?.description.contains("/nowhere/policy.yaml") == true)
    }

    @Test func `keeps a record where it is told to`() async throws {
        try await Self.withFiles { policyPath, directoryPath in
            let data = policyPath + "-data"
            let source = try EmbeddedAdmission(
                policyPath: policyPath, directoryPath: directoryPath, dataPath: data)
            let refused = await Self.decision(of: AdmissionCall(method: "GET", path: "/elsewhere"), by: source)
            #expect(!refused.isAdmitted)
            source.close()
            #expect(try FileManager.default.contentsOfDirectory(atPath: data).contains { $0.hasPrefix("journal") })
        }
    }
}
