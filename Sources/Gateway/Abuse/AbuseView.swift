internal import Admission
internal import Policy

/// What event loops know about abuse: the rules at work and the list, as one reference that never changes.
final class AbuseView: Sendable {
    /// The rules at work; `nil`: the policy has none.
    let watch: AbuseWatch?
    /// Who is in quarantine.
    let table: QuarantineTable
    /// What the policy says about abuse.
    let policy: AbusePolicy?
    /// The number of each region of the policy for rules about new ones, below 64; -1: there is no number left.
    let regionNumbers: [Int]
    /// Whether there is nothing to do: no rules, and nobody in quarantine.
    let isIdle: Bool
    /// Whether anything is about addresses, so that doors look for them.
    let looksAtAddresses: Bool
    /// Whether anything is about keys.
    let looksAtKeys: Bool

    /// Joins the parts.
    init(watch: AbuseWatch?, table: QuarantineTable, policy: AbusePolicy?, regionNumbers: [Int]) {
        self.watch = watch
        self.table = table
        self.policy = policy
        self.regionNumbers = regionNumbers
        isIdle = watch == nil && table.isEmpty
        looksAtAddresses = table.hasAddresses || watch.map { $0.isAbout(.address) || $0.isAbout(.prefix) } ?? false
        looksAtKeys = table.hasKeys || watch?.isAbout(.key) ?? false
    }
}
