/// What the policy does about traffic that looks like abuse.
package struct AbusePolicy: Hashable, Sendable {
    /// The rules, sorted by name.
    package let rules: [AbuseRule]
    /// How somebody who was quarantined by mistake gets out: a sentence or an address, for every answer to them.
    package let appeal: String?
    /// What a challenged caller is asked for.
    package let stepUp: StepUp
    /// Bits of an IPv4 address that a prefix has: addresses that share them count as one subject.
    package let prefixBitsIPv4: Int
    /// Bits of an IPv6 address that a prefix has.
    package let prefixBitsIPv6: Int

    /// The authentication that is asked for, in the words of RFC 9470.
    package struct StepUp: Hashable, Sendable {
        /// Authentication context classes, in order of preference, as `acr_values` has them: separated by blanks.
        package let acrValues: String?
        /// How long ago the caller may have authenticated, in whole seconds: `max_age`.
        package let maxAgeSeconds: Int64?

        /// States what is asked for.
        package init(acrValues: String? = nil, maxAgeSeconds: Int64? = nil) {
            self.acrValues = acrValues
            self.maxAgeSeconds = maxAgeSeconds
        }
    }

    /// Bits of a prefix where the policy says nothing: what a site is usually given, and no more than that.
    package static let prefixBitsIPv4Standard = 24
    /// As above; a /64 is one network of one customer (RFC 6177).
    package static let prefixBitsIPv6Standard = 64

    /// States what is done.
    package init(
        rules: [AbuseRule], appeal: String? = nil, stepUp: StepUp = StepUp(),
        prefixBitsIPv4: Int = AbusePolicy.prefixBitsIPv4Standard,
        prefixBitsIPv6: Int = AbusePolicy.prefixBitsIPv6Standard
    ) {
        self.rules = rules
        self.appeal = appeal
        self.stepUp = stepUp
        self.prefixBitsIPv4 = prefixBitsIPv4
        self.prefixBitsIPv6 = prefixBitsIPv6
    }
}
