internal import Policy
internal import Vocabulary

extension ShardState {
    /// Shows the words that a tenant has, or would have if it came now on this plan, and changes nothing.
    ///
    /// A tenant that is not known, or known on another plan, is laid out in words that are given back afterwards.
    ///
    /// - Returns: what the body returns; `nil` when memory can be addressed no further.
    mutating func withCopy<Result>(
        of key: TenantKey, as target: TenantState, plan: Int, at moment: Moment,
        _ body: (borrowing MutableSpan<Int64>) -> Result
    ) -> Result? {
        let header = header(plan: plan)
        let offset = find(key, at: moment)
        if let offset, tenants.header(at: offset).hasLayout(of: header) {
            return tenants.withNode(offset, length: target.plan.wordCount) {
                (words: inout MutableSpan<Int64>) -> Result in body(words)
            }
        }
        var carried: CarriedTenant?
        if let offset { carried = self.carried(at: offset, from: blueprint, moment: moment) }
        let snapshot = blueprint.snapshot
        let name = snapshot.plansOfEngine[plan]
        return tenants.withScratch(header, length: target.plan.wordCount) {
            (words: inout MutableSpan<Int64>) -> Result in
            target.fill(&words, moment: moment)
            carried?.pour(into: target, of: snapshot, plan: name, words: &words)
            return body(words)
        }
    }

    /// What the tenant at an offset, laid out as a blueprint says, holds.
    mutating func carried(at offset: UInt32, from older: Blueprint, moment: Moment) -> CarriedTenant {
        let plan = tenants.header(at: offset).plan
        let source = reader(plan: plan, of: older, at: moment)
        return tenants.withNode(offset, length: source.plan.wordCount) { words in
            CarriedTenant(
                source, of: older.snapshot, plan: older.snapshot.plansOfEngine[plan], words: words, moment: moment)
        }
    }
}
