/// Of which tier the requests of a route were when the server was asked last.
///
/// Bounded by two generations: what is used moves into the young one; when that is full it becomes the old one, and
/// what was not used since the last such turn is forgotten. Each operation costs one or two look-ups.
package struct TierMemory: Sendable {
    /// What requests have in common that are taken to be of one tier.
    package struct Route: Hashable, Sendable {
        private let method: String?
        private let name: String
        private let trafficClass: String?
        private let claimant: String?

        /// The route of a call; `nil`: it says nothing that could be remembered.
        ///
        /// - Parameters:
        ///   - call: the call.
        ///   - isClaim: whether the class that the call claims makes it a route of its own, for the caller who claims
        ///     it: what was honoured for one is honoured for no other.
        package init?(_ call: AdmissionCall, isClaim: Bool = false) {
            if let operation = call.operation {
                (method, name) = (nil, operation)
            } else if let method = call.method, let name = call.route ?? call.path.map(Route.template) {
                (self.method, self.name) = (method, name)
            } else {
                return nil
            }
            trafficClass = isClaim ? call.trafficClass : nil
            claimant = isClaim ? call.caller : nil
        }

        /// A path without query, and with `{}` in place of segments that look like identifiers: those with a digit in
        /// them, and very long ones.
        ///
        /// A version such as `v1` stays: a letter and at most two digits name no customer.
        package static func template(_ path: String) -> String {
            let path = path.utf8.prefix { $0 != UInt8(ascii: "?") }
            let segments = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).prefix(
                segmentsMax)
            return segments.map { isIdentifier($0) ? "{}" : String(Substring($0)) }.joined(separator: "/")
        }

        /// Deeper paths are taken for the same as their beginning.
        private static let segmentsMax = 12
        /// The longest segment that a person would write into a route.
        private static let segmentBytesMax = 40

        private static func isIdentifier(_ segment: Substring.UTF8View) -> Bool {
            let digits = segment.count { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            let isVersion = segment.first == UInt8(ascii: "v") && digits == segment.count - 1 && segment.count <= 3
            return segment.count > segmentBytesMax || digits > 0 && !isVersion
        }
    }

    private var young: [Route: String] = [:]
    private var old: [Route: String] = [:]
    private let generationMax: Int

    /// A memory for so many routes.
    package init(routesMax: Int) { generationMax = max(1, routesMax / 2) }

    /// How many routes are remembered.
    package var count: Int { young.count + old.keys.count { young[$0] == nil } }

    /// Remembers the tier of a route.
    package mutating func note(_ tier: String, of route: Route) {
        if young.count >= generationMax, young[route] == nil {
            old = young
            young = [:]
        }
        young[route] = tier
    }

    /// The tier of a route; `nil`: it was forgotten, or never known.
    package mutating func tier(of route: Route) -> String? {
        if let tier = young[route] { return tier }
        guard let tier = old[route] else { return nil }
        note(tier, of: route)
        return tier
    }
}
