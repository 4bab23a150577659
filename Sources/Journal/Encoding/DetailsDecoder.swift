internal import Vocabulary

/// Reads what `DetailsEncoder` wrote.
struct DetailsDecoder {
    private var input: CompactReader
    private let name: (Int64) throws -> String

    /// Why details cannot be read, apart from malformed bytes.
    enum Problem: Error, Hashable {
        /// The layout is one this version does not know.
        case unknownFormat(UInt64)
        /// A word that no version of Headgate has written.
        case unknownWord(String)
        /// A name is missing where there must be one.
        case missingName
        /// Bytes follow the end.
        case trailingBytes
    }

    /// Decodes with a function that finds the name of a number.
    init(_ bytes: [UInt8], name: @escaping (Int64) throws -> String) {
        input = CompactReader(bytes)
        self.name = name
    }

    /// Everything about a decision that stands in columns of its own.
    struct Columns {
        /// The decision's id.
        var id: DecisionID
        /// The tenant.
        var tenant: String?
        /// The principal.
        var principal: String?
        /// The operation.
        var operation: String?
        /// The class.
        var trafficClass: String?
        /// The tier.
        var tier: String
        /// What happened.
        var outcome: String
        /// Why.
        var reason: String
        /// Why enforcement would have refused it.
        var wouldBeReason: String?
    }

    /// Joins columns and details to the record they came from.
    ///
    /// - Throws: `Problem`, `CompactReader.Malformed`, or what `name` throws.
    mutating func decode(_ columns: Columns) throws -> DecisionRecord {
        let format = try input.unsigned()
        let hasNearMisses = format == UInt64(DetailsEncoder.formatWithNearMisses)
        guard format == UInt64(DetailsEncoder.format) || hasNearMisses else { throw Problem.unknownFormat(format) }
        let credentialHint = try input.optionalText()
        let method = try input.text()
        let path = try input.text()
        let region = try input.optionalText()
        let cost = try input.signed()
        let claimed = try input.optionalText()
        let isHonoured = try input.flag()
        let stage = try word(Stage.init(name:))
        let wouldBeOutcome = try optionalWord(Outcome.init(name:))
        let version = try word(PolicyVersion.init(_:))
        var record = DecisionRecord(
            id: columns.id, method: method, path: path, tier: columns.tier, cost: cost, stage: stage,
            outcome: try known(columns.outcome, Outcome.init(name:)),
            reason: try known(columns.reason, Reason.init(code:)), policyVersion: version,
            policyName: try requiredName(), source: .check)
        record.credentialHint = credentialHint
        record.region = region
        record.claim = claimed.map { DecisionRecord.Claim(trafficClass: $0, isHonoured: isHonoured) }
        if let code = columns.wouldBeReason, let outcome = wouldBeOutcome {
            record.wouldBe = DecisionRecord.WouldBe(outcome: outcome, reason: try known(code, Reason.init(code:)))
        }
        record.tenant = columns.tenant
        record.principal = columns.principal
        record.operation = columns.operation
        record.trafficClass = columns.trafficClass
        try decodeNumbers(into: &record)
        if hasNearMisses {
            for _ in 0..<(try input.unsigned()) { record.nearMisses.append(try nearMiss()) }
        }
        guard input.isAtEnd else { throw Problem.trailingBytes }
        return record
    }

    private mutating func decodeNumbers(into record: inout DecisionRecord) throws {
        let level = try optionalWord(BudgetLevel.init(name:))
        let budget = try optionalName()
        if let level, let budget { record.decidingBudget = DecisionRecord.DecidingBudget(level: level, name: budget) }
        record.limit = try input.optionalSigned()
        record.remaining = try input.optionalSigned()
        record.retryAfter = try input.optionalSigned().map(Nanoseconds.init)
        record.fullAfter = try input.optionalSigned().map(Nanoseconds.init)
        record.wait = Nanoseconds(try input.signed())
        record.duration = Nanoseconds(try input.signed())
        record.source = try word(DecisionRecord.Source.init(code:))
        for _ in 0..<(try input.unsigned()) { record.activeClasses.append(try requiredName()) }
        for _ in 0..<(try input.unsigned()) { record.readings.append(try reading()) }
    }

    private mutating func reading() throws -> DecisionRecord.BudgetReading {
        DecisionRecord.BudgetReading(
            level: try word(BudgetLevel.init(name:)), name: try requiredName(), lane: try optionalName(),
            rate: try requiredName(), burst: try input.signed(), remaining: try input.signed(),
            guaranteeRemaining: try input.optionalSigned(), poolRemaining: try input.optionalSigned(),
            needed: try input.signed(), isSufficient: try input.flag(),
            availableAfter: try input.optionalSigned().map(Nanoseconds.init),
            quotaReset: try input.optionalSigned().map(WallTime.init(milliseconds:)))
    }

    private mutating func nearMiss() throws -> DecisionRecord.NearMiss {
        let level = try word(NearMissLevel.init(name:))
        let (budget, lane) = (try requiredName(), try requiredName())
        let (guarantee, boundary, left) = (try input.signed(), try input.signed(), try input.signed())
        var others: [String] = []
        for _ in 0..<(try input.unsigned()) { others.append(try requiredName()) }
        return DecisionRecord.NearMiss(
            level: level, budget: budget, lane: lane, guarantee: guarantee, boundary: boundary, left: left,
            others: others)
    }

    private mutating func optionalName() throws -> String? {
        let number = try input.unsigned()
        return number == 0 ? nil : try name(Int64(clamping: number))
    }

    private mutating func requiredName() throws -> String {
        guard let name = try optionalName() else { throw Problem.missingName }
        return name
    }

    private mutating func optionalWord<Value>(_ read: (String) -> Value?) throws -> Value? {
        try optionalName().map { try known($0, read) }
    }

    private mutating func word<Value>(_ read: (String) -> Value?) throws -> Value {
        try known(try requiredName(), read)
    }

    private func known<Value>(_ text: String, _ read: (String) -> Value?) throws -> Value {
        guard let value = read(text) else { throw Problem.unknownWord(text) }
        return value
    }
}
