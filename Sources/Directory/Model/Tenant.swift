/// A customer account: the billing boundary, not the traffic boundary.
package struct Tenant: Hashable, Sendable {
    /// The name, unique in a directory.
    package var name: String
    /// The plan it has where no assignment holds, by name; a policy knows the plans.
    package var plan: String
    /// Plans that it has for a time, or from some moment on.
    package var assignments: [PlanAssignment]
    /// What it has beside its plan.
    package var grants: [Grant]
    /// The segment that reports group it in.
    package var segment: String?
    /// The regions it may use, by name; `nil` means all.
    package var regions: [String]?
    /// Whether it is a sandbox; its keys then begin with `hg_test_`.
    package var isSandbox: Bool
    /// Whether it is suspended; its credentials are known, and nothing they ask for is admitted.
    package var isSuspended: Bool

    /// States a tenant.
    package init(
        name: String, plan: String, assignments: [PlanAssignment] = [], grants: [Grant] = [], segment: String? = nil,
        regions: [String]? = nil, isSandbox: Bool = false, isSuspended: Bool = false
    ) {
        self.name = name
        self.plan = plan
        self.assignments = assignments
        self.grants = grants
        self.segment = segment
        self.regions = regions
        self.isSandbox = isSandbox
        self.isSuspended = isSuspended
    }

    /// Which prefix the tenant's keys get.
    package var environment: Credential.Environment { isSandbox ? .test : .live }
}
