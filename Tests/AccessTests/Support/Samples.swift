import Testing
import Vocabulary

@testable import Access

/// Values that most tests need.
enum Samples {
    /// 2026-11-26T12:00:00Z.
    static let noon = WallTime(milliseconds: 1_795_694_400_000)

    /// The cheapest cost that is allowed: tests are about what is checked, not about how dear it is.
    static func cheapCost() throws -> ScryptCost {
        try #require(ScryptCost(rounds: 10, blockSize: 8, parallelism: 1))
    }

    static func name(_ text: String) throws -> OperatorName { try #require(OperatorName(text)) }
    static func password(_ text: String) throws -> Password { try #require(Password(text)) }

    static func signedIn(_ name: String, at now: WallTime = noon, generation: Int64 = 1) throws -> SignedIn {
        SignedIn(try self.name(name), generation: CredentialGeneration(generation), method: .passwordAndCode, at: now)
    }
}

extension WallTime {
    func plus(seconds: Int64) -> WallTime { WallTime(milliseconds: milliseconds + seconds * 1_000) }
}

extension CodeFactor {
    /// The factor after it has accepted a code; `nil` if it does not.
    func accepting(_ text: String, at now: WallTime) -> CodeFactor? {
        var factor = self
        return factor.accept(text, at: now) ? factor : nil
    }
}
