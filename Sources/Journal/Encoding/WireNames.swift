internal import Vocabulary

extension Outcome {
    /// Finds an outcome by its word.
    init?(name: String) {
        guard let match = Outcome.allCases.first(where: { $0.name == name }) else { return nil }
        self = match
    }
}

extension Stage {
    /// Finds a stage by its word.
    init?(name: String) {
        guard let match = Stage.allCases.first(where: { $0.name == name }) else { return nil }
        self = match
    }
}

extension BudgetLevel {
    /// Finds a level by its name on the wire.
    init?(name: String) {
        guard let match = BudgetLevel.allCases.first(where: { $0.name == name }) else { return nil }
        self = match
    }
}

extension DecisionRecord.Source {
    /// Finds a door by its code.
    init?(code: String) {
        guard let match = DecisionRecord.Source.allCases.first(where: { $0.code == code }) else { return nil }
        self = match
    }
}

extension PolicyVersion {
    /// Reads `sha256:` and 64 hexadecimal digits; anything else is `nil`.
    init?(_ text: String) {
        guard text.hasPrefix("sha256:"), text.utf8.count == 71 else { return nil }
        var digest: [UInt8] = []
        var high: UInt8?
        for byte in text.utf8.dropFirst(7) {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            if let half = high {
                digest.append(half << 4 | UInt8(digit))
                high = nil
            } else {
                high = UInt8(digit)
            }
        }
        self.init(digest: digest)
    }
}
