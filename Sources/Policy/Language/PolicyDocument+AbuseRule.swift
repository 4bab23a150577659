internal import Vocabulary

extension PolicyDocument {
    /// One entry of `abuse.rules`.
    struct AbuseRule {
        /// What it becomes.
        typealias Rule = Policy.AbuseRule

        /// The name.
        var name: Located<String>
        /// Whom it is about; `nil` if that could not be read.
        var subject: Located<Rule.SubjectKind>?
        /// What it takes for a sign; `nil` if that could not be read.
        var detection: Located<Rule.Detection>?
        /// What follows; `nil` if that could not be read.
        var action: Located<Rule.Action>?
        /// For how long.
        var lasts = Nanoseconds.seconds(900)
        /// How far it is applied.
        var stage = Stage.enforce
        /// The tiers it leaves alone, if stated.
        var sparedTiers: [Located<String>]?
        /// The classes it leaves alone.
        var sparedClasses: [Located<String>] = []

        /// The keys that say what a detection counts, with what holds without them.
        private static let settings: [(word: String, keys: [String])] = [
            ("spike", ["window", "history", "factor", "least"]), ("errors", ["of", "window", "share", "least"]),
            ("early-retry", ["window", "least", "grace"]),
            ("unknown-credentials", ["window", "least", "distinct"]), ("new-region", ["learn", "memory"]),
        ]

        /// Decodes an entry; `nil` if it has no usable name.
        init?(_ pair: SourceNode.Pair, _ decoding: inout Decoding) {
            name = Located(pair.key.text, at: pair.key.span)
            guard decoding.check(name: name),
                let fields = decoding.fields(of: pair.value, .abuseRule, owner: pair.key.span)
            else { return nil }
            decoding.checkDescription(in: fields)
            let kinds = Rule.SubjectKind.allCases.map { (word: $0.name, value: $0) }
            subject = fields["subject"].flatMap { decoding.choice($0, "a subject", kinds) }
            let actions = Rule.Action.allCases.map { (word: $0.name, value: $0) }
            action = fields["action"].flatMap { decoding.choice($0, "an action", actions) }
            let words = AbuseRule.settings.map { (word: $0.word, value: $0.word) }
            if let node = fields["detect"], let word = decoding.choice(node, "a sign of abuse", words) {
                AbuseRule.checkKeys(of: word.value, fields, &decoding)
                detection = Located(AbuseRule.detection(word.value, fields, &decoding), at: word.span)
            }
            lasts = AbuseRule.time("for", fields, Rule.lastsMax, &decoding) ?? lasts
            let stages = [Stage.observe, .shadow, .enforce].map { (word: $0.name, value: $0) }
            stage = fields["stage"].flatMap { decoding.choice($0, "a stage of a rule", stages)?.value } ?? stage
            sparedTiers = fields["spareTiers"].map { decoding.names(of: $0, "tiers", max: Limit.tiers) }
            sparedClasses = fields["spareClasses"].map { decoding.names(of: $0, "classes", max: Limit.classes) } ?? []
        }

        /// Reports keys that say something about another sign.
        private static func checkKeys(of word: String, _ fields: Fields, _ decoding: inout Decoding) {
            let own = settings.first { $0.word == word }?.keys ?? []
            for key in Set(settings.flatMap(\.keys)).sorted() where fields[key] != nil && !own.contains(key) {
                decoding.error(
                    .unknownKey, "a rule that detects `\(word)` has no key `\(key)`", at: fields.span(of: key),
                    suggestion: "its keys are \(own.listed())")
            }
        }

        private static func detection(
            _ word: String, _ fields: Fields, _ decoding: inout Decoding
        ) -> Rule.Detection {
            let window = time("window", fields, .day, &decoding)
            func least(_ standard: Int64) -> Int64 {
                fields["least"].flatMap { decoding.number($0, "`least`", in: 1...1_000_000_000)?.value } ?? standard
            }
            switch word {
            case "spike": return spike(window ?? .seconds(10), least: least(100), fields, &decoding)
            case "errors":
                let kinds = Rule.Errors.Kind.allCases.map { (word: $0.name, value: $0) }
                let kind = fields["of"].flatMap { decoding.choice($0, "a kind of errors", kinds) }
                let share = fields["share"].flatMap { decoding.basisPoints($0) }
                if let share, share.value == 0 {
                    decoding.error(
                        .invalidValue, "every request is at least 0% of errors", at: share.span,
                        suggestion: "write a share such as `50%`")
                }
                return .errors(
                    Rule.Errors(
                        kind: kind?.value ?? .refusals, window: window ?? .seconds(60),
                        shareBasisPoints: max(1, share?.value ?? 5_000), least: least(50)))
            case "early-retry":
                let grace = time("grace", fields, .seconds(60), &decoding, least: .zero)
                return .earlyRetry(
                    Rule.EarlyRetry(
                        window: window ?? .seconds(60), least: least(20), grace: grace ?? .milliseconds(200)))
            case "unknown-credentials":
                let distinct = fields["distinct"].flatMap {
                    decoding.number($0, "`distinct`", in: 1...Rule.UnknownCredentials.distinctMax)
                }
                return .unknownCredentials(
                    Rule.UnknownCredentials(
                        window: window ?? .seconds(60), least: least(20), distinct: distinct?.value ?? 4))
            default:
                let longest = Nanoseconds(366 * Nanoseconds.day.count)
                return .newRegion(
                    Rule.NewRegion(
                        learn: time("learn", fields, longest, &decoding) ?? .day,
                        memory: time("memory", fields, longest, &decoding) ?? Rule.lastsMax))
            }
        }

        private static func spike(
            _ window: Nanoseconds, least: Int64, _ fields: Fields, _ decoding: inout Decoding
        ) -> Rule.Detection {
            let factor = fields["factor"].flatMap { decoding.number($0, "`factor`", in: 2...1_000_000) }
            let spike = Rule.Spike(
                window: window, history: time("history", fields, Rule.lastsMax, &decoding) ?? .seconds(3_600),
                factor: factor?.value ?? 10, least: least)
            guard (2...Limit.historyWindows).contains(spike.history.count / window.count) else {
                decoding.error(
                    .invalidValue,
                    "the history of a spike is 2 to \(Limit.historyWindows) times its window of \(window.shortText)",
                    at: fields.span(of: fields["history"] == nil ? "window" : "history"),
                    suggestion: "write `window: 10s, history: 1h`")
                return .spike(spike)
            }
            return .spike(spike)
        }

        /// A length of time of at least a second, unless another least is stated, and at most `longest`.
        private static func time(
            _ key: String, _ fields: Fields, _ longest: Nanoseconds, _ decoding: inout Decoding,
            least: Nanoseconds = .second
        ) -> Nanoseconds? {
            guard let time = fields[key].flatMap({ decoding.duration($0) }) else { return nil }
            guard time.value >= least, time.value <= longest else {
                decoding.error(
                    .invalidValue, "`\(key)` is \(least.shortText) to \(longest.shortText) here", at: time.span)
                return nil
            }
            return time.value
        }
    }
}

extension Nanoseconds {
    /// As a policy writes it: `10s`, `1h`.
    var shortText: String {
        for (size, unit) in [(Nanoseconds.day.count, "d"), (3_600_000_000_000, "h"), (60_000_000_000, "m")]
        where count >= size && count % size == 0 {
            return "\(count / size)\(unit)"
        }
        return count % 1_000_000_000 == 0 ? "\(count / 1_000_000_000)s" : "\(count / 1_000_000)ms"
    }
}
