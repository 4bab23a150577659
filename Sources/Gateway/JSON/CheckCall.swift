/// One call of `POST /v1/check` (design §8.1), as it was written: names are not resolved, nothing is trusted.
///
/// Texts are ranges of the decoder's bytes, and are `nil` where the call has no such member or `null`.
package struct CheckCall: Sendable {
    /// The key or token of the caller.
    package var credential: ByteRange?
    /// The tenant that a trusted caller names instead of a credential.
    package var tenant: ByteRange?
    /// The principal of that tenant.
    package var principal: ByteRange?
    /// The method of the request to be decided; has `path` beside it.
    package var method: ByteRange?
    /// The path of the request to be decided.
    package var path: ByteRange?
    /// The operation, named instead of method and path or as well.
    package var operation: ByteRange?
    /// The class that is claimed: the member `class`.
    package var trafficClass: ByteRange?
    /// The region the request is for.
    package var region: ByteRange?
    /// The key under which repeats of the request are recognised.
    package var idempotencyKey: ByteRange?
    /// The cost in cost units that is claimed, at least 1.
    package var cost: Int64?
    /// Bytes of request and response, at least 0, for quotas that count them.
    package var bytes: Int64?
    /// How long the answer may be held, in milliseconds; only where an admission is asked for.
    package var maxWaitMilliseconds: Int64?
    /// How long the lease of an admission lasts, in milliseconds.
    package var leaseMilliseconds: Int64?
    /// The address of the client, from a trusted caller.
    package var address: ByteRange?
    /// The attributes: where they stand among `CheckCallDecoder.attributes`.
    package var attributes: Range<Int> = 0..<0

    /// One attribute.
    ///
    /// Numbers stand as they were written, booleans as `true` and `false`.
    package struct Attribute: Sendable {
        /// The name: `workflow.stage`.
        package var name: ByteRange
        /// The value as text.
        package var value: ByteRange
    }

    /// The members of a call.
    enum Member: CaseIterable {
        case credential, tenant, principal, method, path, operation, trafficClass, region, cost, idempotencyKey, bytes
        case attributes, maxWait, lease, address

        /// Whether only a call that asks for an admission has it.
        var isOfAdmission: Bool {
            switch self {
            case .maxWait, .lease: true
            default: false
            }
        }

        /// The name on the wire.
        var name: StaticString {
            switch self {
            case .credential: "credential"
            case .tenant: "tenant"
            case .principal: "principal"
            case .method: "method"
            case .path: "path"
            case .operation: "operation"
            case .trafficClass: "class"
            case .region: "region"
            case .cost: "cost"
            case .idempotencyKey: "idempotencyKey"
            case .bytes: "bytes"
            case .attributes: "attributes"
            case .maxWait: "maxWaitMs"
            case .lease: "leaseMs"
            case .address: "address"
            }
        }

        /// Recognises a name: its length and its first letter leave at most one candidate.
        init?(_ bytes: Span<UInt8>) {
            guard bytes.count > 3 else { return nil }
            let candidate: Member
            switch (bytes.count, bytes[0]) {
            case (4, UInt8(ascii: "p")): candidate = .path
            case (4, _): candidate = .cost
            case (5, UInt8(ascii: "c")): candidate = .trafficClass
            case (5, _): candidate = .bytes
            case (6, UInt8(ascii: "t")): candidate = .tenant
            case (6, UInt8(ascii: "m")): candidate = .method
            case (6, _): candidate = .region
            case (7, UInt8(ascii: "l")): candidate = .lease
            case (7, _): candidate = .address
            case (9, UInt8(ascii: "m")): candidate = .maxWait
            case (9, UInt8(ascii: "p")): candidate = .principal
            case (9, _): candidate = .operation
            case (10, UInt8(ascii: "c")): candidate = .credential
            case (10, _): candidate = .attributes
            case (14, _): candidate = .idempotencyKey
            default: return nil
            }
            guard bytes.equals(0..<bytes.count, candidate.name) else { return nil }
            self = candidate
        }
    }
}
