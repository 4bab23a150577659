internal import Foundation
package import NIOCore

/// A call of `/v1/check` or `/v1/admissions`, as the wire has it.
private struct CallMembers: Encodable {
    var credential: String?
    var tenant: String?
    var principal: String?
    var method: String?
    var path: String?
    var operation: String?
    var `class`: String?
    var region: String?
    var cost: Int?
    var bytes: Int?
    var idempotencyKey: String?
    var attributes: [String: String]?
    var maxWaitMs: Int64?
    var leaseMs: Int64?

    init(_ call: AdmissionCall) {
        credential = call.credential
        tenant = call.tenant
        principal = call.principal
        method = call.method
        path = call.path
        operation = call.operation
        `class` = call.trafficClass
        region = call.region
        cost = call.cost
        bytes = call.bytes
        idempotencyKey = call.idempotencyKey
        attributes = call.attributes.isEmpty ? nil : call.attributes
    }
}

/// What renews or ends an admission, as the wire has it.
private struct LeaseMembers: Encodable {
    var credential: String?
    var leaseMs: Int64?
    var outcome: String?
    var status: Int?
    var latencyMs: Int64?
}

/// The bodies of calls, in JSON.
package enum WireEncoding {
    /// The body of `POST /v1/check`.
    package static func check(_ call: AdmissionCall) -> ByteBuffer { json(CallMembers(call)) }

    /// The body of `POST /v1/admissions`.
    package static func admission(_ call: AdmissionCall, waitMax: Duration, lease: Duration) -> ByteBuffer {
        var members = CallMembers(call)
        members.maxWaitMs = min(waitMillisecondsMax, max(0, waitMax.millisecondsRoundedUp))
        members.leaseMs = milliseconds(ofLease: lease)
        return json(members)
    }

    /// The body of `PUT /v1/admissions/{id}`.
    package static func renewal(credential: String?, lease: Duration) -> ByteBuffer {
        json(LeaseMembers(credential: credential, leaseMs: milliseconds(ofLease: lease)))
    }

    /// The body of `DELETE /v1/admissions/{id}`.
    package static func ending(credential: String?, _ ending: HeldSeats.Ending) -> ByteBuffer {
        json(
            LeaseMembers(
                credential: credential, outcome: ending.outcome.rawValue,
                status: ending.status.flatMap { (100...599).contains($0) ? $0 : nil },
                latencyMs: min(86_400_000, max(0, ending.latency / 1_000_000))))
    }

    /// The longest wait that the server takes.
    private static let waitMillisecondsMax: Int64 = 60_000
    /// The leases that the server takes.
    private static let leaseMillisecondsRange: ClosedRange<Int64> = 1_000...3_600_000

    private static func milliseconds(ofLease lease: Duration) -> Int64 {
        min(leaseMillisecondsRange.upperBound, max(leaseMillisecondsRange.lowerBound, lease.millisecondsRoundedUp))
    }

    private static func json(_ members: some Encodable) -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        // Texts and integers in a structure that is known: there is nothing that could fail.
        guard let data = try? encoder.encode(members) else { return ByteBuffer(string: "{}") }
        return ByteBuffer(bytes: data)
    }
}
