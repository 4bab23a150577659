internal import Admission
internal import Policy
internal import Vocabulary

extension Decision {
    /// The entry of the quarantine list that shapes this decision, if one does.
    var shapingRestraint: Quarantine? {
        guard let restraint, !restraint.isSpared else { return nil }
        return restraint.entry
    }

    /// Whether an address is refused by the list: then nobody is to hear whether a credential was right.
    var hidesCaller: Bool {
        guard !isAdmitted, let entry = shapingRestraint, case .addresses = entry.subject else { return false }
        return readingCount == 0
    }
}

/// The fields that tell somebody about a quarantine.
extension FieldSink where Self: ~Copyable {
    /// Writes under which name the quarantine is known, and how to appeal against it.
    mutating func restraintFields(of entry: Quarantine, _ decision: Decision) {
        field("Headgate-Quarantine", entry.id)
        if let appeal = decision.policy.abuse?.appeal { field("Headgate-Appeal", appeal) }
    }

    /// Writes which authentication is asked for (RFC 9470 §3).
    mutating func stepUpField(of decision: Decision) {
        let stepUp = decision.policy.abuse?.stepUp ?? AbusePolicy.StepUp()
        field("WWW-Authenticate") { output in
            output.write(literal: "Bearer realm=\"headgate\", error=\"insufficient_user_authentication\"")
            output.write(literal: ", error_description=\"A stronger or more recent authentication is required\"")
            if let values = stepUp.acrValues {
                output.write(literal: ", acr_values=\"")
                output.write(fieldValue: values.utf8.span)
                output.write(literal: "\"")
            }
            if let age = stepUp.maxAgeSeconds {
                output.write(literal: ", max_age=")
                output.write(decimal: age)
            }
        }
    }
}
