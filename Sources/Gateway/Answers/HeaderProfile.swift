/// How answers tell callers about their limits.
///
/// Drafts change, so the wire names stand behind a profile.
package enum HeaderProfile: String, CaseIterable, Sendable {
    /// `RateLimit-Policy` and `RateLimit` after draft-ietf-httpapi-ratelimit-headers-11.
    case ietf11 = "ietf-11"
    /// `X-RateLimit-Limit`, `-Remaining` and `-Reset`, as Envoy's DRAFT_VERSION_03 has them.
    case xRateLimit = "x-ratelimit"
    /// None. `Retry-After` is sent all the same.
    case off
}
