internal import Vocabulary

extension PolicyDocument {
    /// The section `seats`.
    struct Seats {
        /// `limit`, if it is a number.
        var fixed: Located<Int64>?
        /// `min`.
        var min: Located<Int64>?
        /// `first`.
        var first: Located<Int64>?
        /// `max`.
        var max: Located<Int64>?
        /// `waiting`.
        var waiting: Located<Int64>?
        /// Whether `threshold` is `adaptive`.
        var hasThreshold: Located<Bool>?

        /// A section that says nothing.
        init() {}

        /// Decodes the section.
        init(_ node: SourceNode, _ decoding: inout Decoding) {
            guard let fields = decoding.fields(of: node, .seats) else { return }
            if let limit = fields["limit"], !Seats.isAdaptive(limit) {
                fixed = Seats.number(limit, "the limit of seats, unless it is `adaptive`,", &decoding)
            }
            min = fields["min"].flatMap { Seats.number($0, "the lowest limit of seats", &decoding) }
            first = fields["first"].flatMap { Seats.number($0, "the first limit of seats", &decoding) }
            max = fields["max"].flatMap { Seats.number($0, "the highest limit of seats", &decoding) }
            waiting = fields["waiting"].flatMap {
                decoding.number($0, "the number of requests that may wait", in: 0...Limit.waiting)
            }
            let thresholds = [(word: "adaptive", value: true), (word: "open", value: false)]
            hasThreshold = fields["threshold"].flatMap { decoding.choice($0, "a threshold", thresholds) }
        }

        private static func isAdaptive(_ node: SourceNode) -> Bool {
            if case .scalar(let scalar) = node.content { scalar.text == "adaptive" } else { false }
        }

        private static func number(_ node: SourceNode, _ noun: String, _ decoding: inout Decoding) -> Located<Int64>? {
            decoding.number(node, noun, in: 1...Limit.seats)
        }
    }
}

extension PolicyDocument.Tier {
    /// The bounds of a queue.
    struct Queue {
        /// How many requests may wait.
        var depth: Located<Int64>
        /// How long one may wait.
        var wait: Located<Nanoseconds>
        /// How many of one tenant may wait, if stated.
        var perTenant: Located<Int64>?

        /// Decodes them; `nil` if one that is needed has no usable value.
        init?(_ node: SourceNode, _ decoding: inout Decoding) {
            guard let fields = decoding.fields(of: node, .queue) else { return nil }
            let range = 1...PolicyDocument.Limit.waiting
            let depth = fields["depth"].flatMap { decoding.number($0, "the depth of a queue", in: range) }
            let wait = fields["wait"].flatMap { decoding.duration($0) }
            perTenant = fields["perTenant"].flatMap {
                decoding.number($0, "the number of one tenant's requests that may wait", in: range)
            }
            guard let depth, let wait else { return nil }
            self.depth = depth
            self.wait = wait
        }
    }
}
