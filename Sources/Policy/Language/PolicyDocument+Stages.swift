internal import Vocabulary

extension PolicyDocument {
    /// The section `stages`.
    struct Stages {
        /// The stage of classes that are not named, if stated.
        var standard: Located<Stage>?
        /// The order in which classes graduate.
        var order: [Located<String>] = []
        /// The stages of single classes.
        var classes: [(name: Located<String>, stage: Located<Stage>)] = []
        /// The windows in which milder stages hold.
        var blackouts: [Blackout] = []

        /// The words for stages.
        static let words = Stage.allCases.map { (word: $0.name, value: $0) }

        /// A section that says nothing.
        init() {}

        /// Decodes the section.
        init(_ node: SourceNode, _ decoding: inout Decoding) {
            guard let fields = decoding.fields(of: node, .stages) else { return }
            standard = fields["default"].flatMap { decoding.choice($0, "a stage", Stages.words) }
            order = fields["order"].map { decoding.names(of: $0, "classes", max: Limit.classes) } ?? []
            if let node = fields["classes"] {
                for pair in decoding.entries(of: node, "classes", max: Limit.classes) {
                    guard let stage = decoding.choice(pair.value, "a stage", Stages.words) else { continue }
                    classes.append((Located(pair.key.text, at: pair.key.span), stage))
                }
            }
            if let node = fields["blackouts"] {
                blackouts = decoding.items(of: node, "blackouts", max: Limit.blackouts).compactMap {
                    Blackout($0, &decoding)
                }
            }
        }
    }

    /// One entry of `stages.blackouts`.
    struct Blackout {
        /// Where it stands.
        var span: SourceSpan
        /// The classes; `nil` means all.
        var classes: [Located<String>]?
        /// The days on which the window begins, Monday being 0, rising.
        var days: [Int] = Array(0..<7)
        /// The minute of the day at which the window begins.
        var from: Int
        /// The minute of the day at which it ends; not after `from` if that is on the next day.
        var to: Int
        /// The stage that holds inside.
        var stage: Located<Stage>

        private static let dayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

        /// Decodes an entry; `nil` if it has no usable times or stage.
        init?(_ node: SourceNode, _ decoding: inout Decoding) {
            span = node.span
            guard let fields = decoding.fields(of: node, .blackout) else { return nil }
            classes = fields["classes"].map { decoding.names(of: $0, "classes", max: Limit.classes) }
            if let node = fields["days"] { days = Blackout.days(node, &decoding) }
            if let node = fields["reason"] { _ = decoding.text(node, "a reason in free text", isLong: true) }
            let from = fields["from"].flatMap { decoding.amount($0, "a time of day", UnitText.minuteOfDay) }
            let to = fields["to"].flatMap { decoding.amount($0, "a time of day", UnitText.minuteOfDay) }
            let stage = fields["stage"].flatMap { decoding.choice($0, "a stage", Stages.words) }
            guard let from, let to, let stage else { return nil }
            guard from.value != to.value, from.value < 1_440 else {
                decoding.error(
                    .invalidValue, "this window begins when it ends", at: to.span,
                    suggestion: "for whole days write `from: \"00:00\", to: \"24:00\"`")
                return nil
            }
            self.from = from.value
            self.to = to.value
            self.stage = stage
        }

        private static func days(_ node: SourceNode, _ decoding: inout Decoding) -> [Int] {
            var days: Set<Int> = []
            let items = decoding.items(of: node, "days", max: 7, ofTexts: true)
            for item in items {
                let choices = dayNames.enumerated().map { (word: $0.element, value: $0.offset) }
                guard let day = decoding.choice(item, "a day of the week", choices) else { continue }
                if !days.insert(day.value).inserted {
                    decoding.error(
                        .duplicateValue, "\(dayNames[day.value].quoted) appears more than once in this list",
                        at: day.span, suggestion: "remove one of them")
                }
            }
            if items.isEmpty, case .sequence = node.content {
                decoding.error(
                    .invalidValue, "a blackout on no day never holds", at: node.span,
                    suggestion: "list days, or leave `days` out for all of them")
            }
            return days.sorted()
        }
    }
}
