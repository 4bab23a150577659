internal import Admission
internal import Policy
internal import Vocabulary

/// A decision as `envoy.service.auth.v3.CheckResponse` (service/auth/v3/external_auth.proto).
extension ByteWriter {
    /// Writes the message.
    mutating func authorization(of decision: Decision, profile: HeaderProfile) {
        field(1) { $0.field(1, UInt64(decision.canonicalCode)) }  // status: google.rpc.Status
        if decision.isAdmitted {
            field(3) { $0.allowance(of: decision, profile: profile) }  // ok_response
        } else {
            field(2) { $0.denial(of: decision, profile: profile) }  // denied_response
        }
        field(4) { $0.metadata(of: decision) }  // dynamic_metadata
    }

    /// `OkHttpResponse`: what was verified goes to the API, what is left of the limits to the client.
    private mutating func allowance(of decision: Decision, profile: HeaderProfile) {
        headers(2, isOption: true) { list in  // headers
            list.decisionFields(of: decision)
            list.verifiedFields(of: decision)
        }
        // headers_to_remove: nobody but us says what was verified.
        if decision.tenantName == nil { field(5, literal: "headgate-tenant") }
        if decision.principalName == nil { field(5, literal: "headgate-principal") }
        if decision.operationName == nil { field(5, literal: "headgate-operation") }
        headers(6, isOption: true) { list in  // response_headers_to_add
            list.decisionFields(of: decision)
            list.limitFields(of: decision, profile: profile)
        }
    }

    /// `DeniedHttpResponse`: the whole answer to the client.
    private mutating func denial(of decision: Decision, profile: HeaderProfile) {
        field(1) { $0.field(1, UInt64(decision.status.code)) }  // status: HttpStatus.code
        headers(2, isOption: true) { list in  // headers
            list.decisionFields(of: decision)
            list.limitFields(of: decision, profile: profile)
            list.refusalFields(of: decision)
            list.field("Content-Type", literal: "application/problem+json")
        }
        field(3) { $0.json { $0.value(of: Problem(decision)) } }  // body
    }

    /// Denies a request that cannot be decided: a status and a sentence.
    mutating func denial(_ status: HTTPStatus, detail: String) {
        field(1) { $0.field(1, UInt64(3)) }  // status: INVALID_ARGUMENT
        field(2) { denied in  // denied_response
            denied.field(1) { $0.field(1, UInt64(status.code)) }
            denied.headers(2, isOption: true) { $0.field("Content-Type", literal: "application/problem+json") }
            denied.field(3) { $0.json { $0.value(problem: status, detail: detail) } }
        }
    }
}

extension Decision {
    /// The code of google.rpc that goes with the outcome; Envoy looks only whether it is zero.
    fileprivate var canonicalCode: UInt8 {
        switch status {
        case .ok: 0
        case .tooManyRequests: 8  // RESOURCE_EXHAUSTED
        case .serviceUnavailable: 14  // UNAVAILABLE
        case .unauthorized: 16  // UNAUTHENTICATED
        default: 7  // PERMISSION_DENIED
        }
    }
}
