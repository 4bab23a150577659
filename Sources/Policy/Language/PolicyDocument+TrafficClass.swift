internal import Vocabulary

extension PolicyDocument {
    /// One entry of `classes`.
    struct TrafficClass {
        /// The name.
        var name: Located<String>
        /// The tier of its work.
        var tier: Located<String>?
        /// What its refusal costs.
        var consequence: Located<Consequence>?
        /// Who answers for it.
        var owner: Located<String>?
        /// The classes it must not share a pool with.
        var mustNotCompete: [Located<String>] = []
        /// Whether it neither borrows nor lends.
        var isolated: Located<Bool>?
        /// Whether only principals that list it may use it.
        var governed: Located<Bool>?
        /// Whether answers say how to pace.
        var advertisesBackoff = false
        /// The share of the guarantee below which is a near miss, in hundredths of a percent.
        var nearMiss: Located<Int64>?
        /// What happens when it is limited; `nil` if nothing usable is said.
        var onLimit: Policy.TrafficClass.OnLimit?
        /// Whether anything is said about being limited, usable or not.
        var statesOnLimit: Bool

        /// Whether it neither borrows nor lends.
        var isIsolated: Bool { isolated?.value ?? false }
        /// Whether only principals that list it may use it.
        var isGoverned: Bool { governed?.value ?? false }

        /// Decodes an entry; `nil` if it has no usable name.
        init?(_ pair: SourceNode.Pair, _ decoding: inout Decoding) {
            name = Located(pair.key.text, at: pair.key.span)
            guard decoding.check(name: name) else { return nil }
            let fields =
                decoding.fields(of: pair.value, .trafficClass, owner: pair.key.span) ?? Fields(span: pair.key.span)
            tier = fields["tier"].flatMap { decoding.name($0) }
            consequence = fields["consequence"].flatMap {
                decoding.choice($0, "a consequence", Consequence.allCases.map { ($0.name, $0) })
            }
            owner = fields["owner"].flatMap { decoding.text($0, "an owner like `web-team`") }
            mustNotCompete =
                fields["mustNotCompete"].map { decoding.names(of: $0, "classes", max: Limit.classes) } ?? []
            isolated = fields["isolated"].flatMap { decoding.flag($0) }
            governed = fields["governed"].flatMap { decoding.flag($0) }
            let backoff = fields["backoff"].flatMap {
                decoding.choice($0, "a backoff", [("advertise", true), ("none", false)])
            }
            advertisesBackoff = backoff?.value ?? false
            nearMiss = fields["nearMiss"].flatMap { decoding.basisPoints($0) }
            statesOnLimit = fields["onLimit"] != nil
            onLimit = fields["onLimit"].flatMap { TrafficClass.onLimit($0, &decoding) }
            decoding.checkDescription(in: fields)
        }

        private static func onLimit(
            _ node: SourceNode, _ decoding: inout Decoding
        ) -> Policy.TrafficClass.OnLimit? {
            guard let fields = decoding.fields(of: node, .onLimit) else { return nil }
            guard MappingShape.onLimit.keys.contains(where: { fields[$0] != nil }) else {
                decoding.error(
                    .missingKey, "this `onLimit` says nothing", at: node.span,
                    suggestion: "say what happens: `reschedule: 30s`, `escalateAfter: 10m` or `fallback: …`")
                return nil
            }
            return Policy.TrafficClass.OnLimit(
                reschedule: fields["reschedule"].flatMap { decoding.duration($0)?.value },
                escalateAfter: fields["escalateAfter"].flatMap { decoding.duration($0)?.value },
                fallback: fields["fallback"].flatMap {
                    decoding.text($0, "a fallback in free text", isLong: true)?.value
                })
        }
    }
}
