internal import Admission
internal import Policy
internal import Vocabulary

/// What the budgets of a decision are called, for records and whoever reads them.
extension Decision {
    /// The name of a budget: `service`, `region eu-west-1`, `tenant acme`, `class repair`, `ceiling of class export`,
    /// `operation export`, `quota requests/month`, `quarantine`, `limit remote_address of edge`.
    func name(of reading: BudgetReading) -> String {
        if let limit { return "limit \(limit.label)" }
        if isWithinGuarantee(reading) { return "class \(className)" }
        switch reading.kind {
        case .quarantine: return "quarantine"
        case .operation: return "operation \(operationName ?? "")"
        case .ceiling: return "ceiling of class \(className)"
        case .quota:
            guard planIndex >= 0 else { return "quota" }
            let quota = policy.enginePlans[planIndex].quotas[reading.index]
            return "quota \(quota.unit.name)/\(quota.period.name)"
        case .lanes:
            return switch reading.level {
            case .service: "service"
            case .region: "region \(region < 0 ? "" : policy.regions[region].name)"
            case .trafficClass: "class \(className)"
            default: "tenant \(tenantName ?? "")"
            }
        }
    }

    /// The lane of a budget that was spent from: a tier or a class; `nil` where a budget has none.
    func laneName(of reading: BudgetReading) -> String? {
        guard !isOfLimit, reading.kind == .lanes else { return nil }
        return reading.level == .service || reading.level == .region ? tierName : className
    }
}
