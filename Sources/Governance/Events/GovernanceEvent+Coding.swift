internal import Foundation

/// The form in records.
extension GovernanceEvent {
    /// The bytes of the payload: JSON with sorted keys.
    package var payload: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(facts) else {
            preconditionFailure("\(type) holds strings, numbers and truth values, which JSON can say")
        }
        return Array(data)
    }

    private var facts: any Encodable {
        switch self {
        case .tenantCreated(let facts), .tenantChanged(let facts): facts
        case .planAssigned(let facts): facts
        case .grantProposed(let facts): facts
        case .grantApproved(let facts), .grantRejected(let facts), .keyRevoked(let facts): facts
        case .policyApproved(let facts), .policyRejected(let facts): facts
        case .grantEnded(let facts), .keyExpires(let facts), .policyScheduled(let facts): facts
        case .principalStated(let facts): facts
        case .principalRemoved(let facts): facts
        case .keyCreated(let facts): facts
        case .operatorStated(let facts): facts
        case .operatorCredentialsChanged(let facts): facts
        case .operatorSignedIn(let facts): facts
        case .operatorVouched(let facts): facts
        case .operatorTokenIssued(let facts): facts
        case .operatorTokenRevoked(let facts): facts
        case .signingKeyMade(let facts): facts
        case .signingKeysTurned(let facts): facts
        case .issuerStated(let facts): facts
        case .issuerRemoved(let facts): facts
        case .minimumPolicyStated(let facts): facts
        case .tokenRevoked(let facts): facts
        case .tokensCut(let facts): facts
        case .quarantineLifted(let facts): facts
        case .recordsErased(let facts): facts
        case .auditRead(let facts): facts
        case .policyProposed(let facts): facts
        case .policyPublished(let facts): facts
        }
    }

    /// Reads a record's type and payload; `nil` for a type that is not known here.
    ///
    /// - Throws: `UnreadableEvent` if the type is known and the payload is not what it says.
    package init?(type: String, payload: [UInt8]) throws(UnreadableEvent) {
        do {
            guard let event = try GovernanceEvent.reading(type, EventPayload(bytes: payload)) else { return nil }
            self = event
        } catch {
            throw UnreadableEvent(type: type, cause: "\(error)")
        }
    }

    private static func reading(_ type: String, _ payload: EventPayload) throws -> GovernanceEvent? {
        switch type {
        case "tenant.created": .tenantCreated(try payload.facts())
        case "tenant.changed": .tenantChanged(try payload.facts())
        case "tenant.plan_assigned": .planAssigned(try payload.facts())
        case "grant.proposed": .grantProposed(try payload.facts())
        case "grant.approved": .grantApproved(try payload.facts())
        case "grant.rejected": .grantRejected(try payload.facts())
        case "grant.ended": .grantEnded(try payload.facts())
        case "principal.stated": .principalStated(try payload.facts())
        case "principal.removed": .principalRemoved(try payload.facts())
        case "key.created": .keyCreated(try payload.facts())
        case "key.expires": .keyExpires(try payload.facts())
        case "key.revoked": .keyRevoked(try payload.facts())
        case "operator.stated": .operatorStated(try payload.facts())
        case "operator.credentials_changed": .operatorCredentialsChanged(try payload.facts())
        case "operator.signed_in": .operatorSignedIn(try payload.facts())
        case "operator.vouched": .operatorVouched(try payload.facts())
        case "operator.token_issued": .operatorTokenIssued(try payload.facts())
        case "operator.token_revoked": .operatorTokenRevoked(try payload.facts())
        case "signing_key.made": .signingKeyMade(try payload.facts())
        case "signing_key.turned": .signingKeysTurned(try payload.facts())
        case "issuer.stated": .issuerStated(try payload.facts())
        case "issuer.removed": .issuerRemoved(try payload.facts())
        case "token.minimum_policy_stated": .minimumPolicyStated(try payload.facts())
        case "token.revoked": .tokenRevoked(try payload.facts())
        case "token.all_revoked": .tokensCut(try payload.facts())
        case "quarantine.lifted": .quarantineLifted(try payload.facts())
        case "audit.erased": .recordsErased(try payload.facts())
        case "audit.read": .auditRead(try payload.facts())
        case "policy.proposed": .policyProposed(try payload.facts())
        case "policy.approved": .policyApproved(try payload.facts())
        case "policy.rejected": .policyRejected(try payload.facts())
        case "policy.scheduled": .policyScheduled(try payload.facts())
        case "policy.published": .policyPublished(try payload.facts())
        default: nil
        }
    }
}

/// The bytes of a payload, to be read as what their type says.
private struct EventPayload {
    let bytes: [UInt8]

    func facts<Facts: Decodable>() throws -> Facts { try JSONDecoder().decode(Facts.self, from: Data(bytes)) }
}

/// A record whose payload is not what its type says: the ledger was written by something else.
package struct UnreadableEvent: Error, Hashable, Sendable, CustomStringConvertible {
    /// The type.
    package let type: String
    /// Why it cannot be read.
    package let cause: String

    /// One sentence.
    package var description: String { "the payload of a record of the type \(type) cannot be read: \(cause)" }
}
