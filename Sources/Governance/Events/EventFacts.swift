/// What a tenant is, apart from its plan and its grants.
package struct TenantFacts: Codable, Hashable, Sendable {
    /// The plan it has where no assignment holds.
    package var plan: String
    /// The segment that reports group it in.
    package var segment: String?
    /// The contract behind it, as the account side names it.
    package var contract: String?
    /// The regions it may use; `nil`: all.
    package var regions: [String]?
    /// Whether it is a sandbox.
    package var sandbox: Bool
    /// Whether nothing it asks for is admitted.
    package var suspended: Bool

    /// States what a tenant is.
    package init(
        plan: String, segment: String? = nil, contract: String? = nil, regions: [String]? = nil, sandbox: Bool = false,
        suspended: Bool = false
    ) {
        self.plan = plan
        self.segment = segment
        self.contract = contract
        self.regions = regions
        self.sandbox = sandbox
        self.suspended = suspended
    }
}

/// A plan that a tenant is to have.
package struct AssignmentFacts: Codable, Hashable, Sendable {
    /// The plan.
    package var plan: String
    /// From when on.
    package var from: EventTime
    /// The first moment at which it no longer holds.
    package var until: EventTime?
    /// Whether it is a trial.
    package var trial: Bool
    /// Why.
    package var reason: String?

    /// States an assignment.
    package init(plan: String, from: EventTime, until: EventTime? = nil, trial: Bool = false, reason: String? = nil) {
        self.plan = plan
        self.from = from
        self.until = until
        self.trial = trial
        self.reason = reason
    }
}

/// An override or an exemption that somebody asks for.
package struct GrantFacts: Codable, Hashable, Sendable {
    /// Its name.
    package var id: String
    /// `override` or `exemption`.
    package var kind: String
    /// What becomes of budgets and quotas.
    package var adjustments: [AdjustmentFacts]
    /// Features beside those of the plan.
    package var features: [String]
    /// From when on.
    package var from: EventTime
    /// The first moment at which it no longer holds.
    package var until: EventTime?
    /// Why.
    package var reason: String
    /// When somebody has to look at it again.
    package var review: EventTime?

    /// States a wish.
    package init(
        id: String, kind: String, adjustments: [AdjustmentFacts], features: [String] = [], from: EventTime,
        until: EventTime? = nil, reason: String, review: EventTime? = nil
    ) {
        self.id = id
        self.kind = kind
        self.adjustments = adjustments
        self.features = features
        self.from = from
        self.until = until
        self.reason = reason
        self.review = review
    }
}

/// One deviation; exactly one of `factor`, `rate` and `amount` is there.
package struct AdjustmentFacts: Codable, Hashable, Sendable {
    /// `tenant`, `class/NAME`, `operation/NAME` or `quota/UNIT/PERIOD`.
    package var target: String
    /// Thousandths: 2,000 doubles.
    package var factor: Int64?
    /// Cost units in `period` nanoseconds.
    package var rate: Int64?
    /// The period of the rate, in nanoseconds.
    package var period: Int64?
    /// The burst of the rate.
    package var burst: Int64?
    /// The allowance of a quota.
    package var amount: Int64?

    /// States a deviation.
    package init(
        target: String, factor: Int64? = nil, rate: Int64? = nil, period: Int64? = nil, burst: Int64? = nil,
        amount: Int64? = nil
    ) {
        self.target = target
        self.factor = factor
        self.rate = rate
        self.period = period
        self.burst = burst
        self.amount = amount
    }
}

/// What somebody says about something that exists.
package struct Verdict: Codable, Hashable, Sendable {
    /// What it is about.
    package var id: String
    /// Why.
    package var reason: String?

    /// States what somebody says.
    package init(id: String, reason: String? = nil) {
        self.id = id
        self.reason = reason
    }
}

/// A moment at which something ends or begins.
package struct Ending: Codable, Hashable, Sendable {
    /// What.
    package var id: String
    /// When.
    package var at: EventTime
    /// Why.
    package var reason: String?

    /// States a moment.
    package init(id: String, at: EventTime, reason: String? = nil) {
        self.id = id
        self.at = at
        self.reason = reason
    }
}

/// What a principal is.
package struct PrincipalFacts: Codable, Hashable, Sendable {
    /// Its name, unique under its owner.
    package var name: String
    /// The classes it may claim.
    package var classes: [String]
    /// The attributes it may state.
    package var attributes: [String]
    /// What it is, in its owner's words.
    package var summary: String?

    /// States what a principal is.
    package init(name: String, classes: [String] = [], attributes: [String] = [], summary: String? = nil) {
        self.name = name
        self.classes = classes
        self.attributes = attributes
        self.summary = summary
    }
}

/// A principal by its name.
package struct PrincipalName: Codable, Hashable, Sendable {
    /// The name.
    package var name: String

    /// Names one.
    package init(name: String) { self.name = name }
}

/// What is known of a key: everything but the key.
package struct KeyFacts: Codable, Hashable, Sendable {
    /// The name by which people speak of it.
    package var id: String
    /// Whose it is.
    package var principal: String
    /// The keyed hash of its text.
    package var hash: String
    /// The first moment at which it is no longer accepted.
    package var expires: EventTime?
    /// What it is for.
    package var label: String?
    /// The key that it is to replace.
    package var replaces: String?

    /// States what is known of a key.
    package init(
        id: String, principal: String, hash: String, expires: EventTime? = nil, label: String? = nil,
        replaces: String? = nil
    ) {
        self.id = id
        self.principal = principal
        self.hash = hash
        self.expires = expires
        self.label = label
        self.replaces = replaces
    }
}

/// What an operator may do.
package struct OperatorFacts: Codable, Hashable, Sendable {
    /// The roles.
    package var roles: [HeldRole]
    /// Whether the operator may not sign in.
    package var disabled: Bool

    /// States what an operator may do.
    package init(roles: [HeldRole], disabled: Bool = false) {
        self.roles = roles
        self.disabled = disabled
    }

    /// A role, and for which tenants.
    package struct HeldRole: Codable, Hashable, Sendable {
        /// The role.
        package var role: String
        /// The tenants, of a role that is bound to some.
        package var tenants: [String]?

        /// States a role.
        package init(role: String, tenants: [String]? = nil) {
            self.role = role
            self.tenants = tenants
        }
    }
}

/// How an operator has shown who they are.
package struct SignInFacts: Codable, Hashable, Sendable {
    /// What for: `session`, `proof`, or `enrolment`, after which the text that let the operator in is spent.
    package var purpose: String
    /// The step of the code that was accepted (RFC 6238); it is not accepted again.
    package var step: Int64?
    /// Whether a recovery code was used up.
    package var recovery: Bool
    /// From where, as the listener saw it.
    package var address: String?

    /// The purpose of signing in with what somebody was let in by.
    package static let enrolmentPurpose = "enrolment"

    /// States how.
    package init(purpose: String, step: Int64? = nil, recovery: Bool = false, address: String? = nil) {
        self.purpose = purpose
        self.step = step
        self.recovery = recovery
        self.address = address
    }
}

/// A policy that somebody proposes.
package struct ProposalFacts: Codable, Hashable, Sendable {
    /// Its name: `p` and a number that grows.
    package var id: String
    /// The digest of its meaning.
    package var version: String
    /// The documents.
    package var documents: [PolicyText]
    /// Why.
    package var reason: String
    /// The digest of the policy in force when it was written.
    package var parent: String?
    /// When it ends, if it shall: the policy before it is then in force again.
    package var expires: EventTime?

    /// States a proposal.
    package init(
        id: String, version: String, documents: [PolicyText], reason: String, parent: String? = nil,
        expires: EventTime? = nil
    ) {
        self.id = id
        self.version = version
        self.documents = documents
        self.reason = reason
        self.parent = parent
        self.expires = expires
    }
}

/// One document of a policy.
package struct PolicyText: Codable, Hashable, Sendable {
    /// The name of its file.
    package var name: String
    /// What stands in it.
    package var text: String

    /// States a document.
    package init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}

/// That a policy is in force.
package struct PublicationFacts: Codable, Hashable, Sendable {
    /// The proposal.
    package var id: String
    /// Whether it had been in force before and is put back.
    package var rollback: Bool
    /// Why.
    package var reason: String?

    /// States a publication.
    package init(id: String, rollback: Bool = false, reason: String? = nil) {
        self.id = id
        self.rollback = rollback
        self.reason = reason
    }
}
