import Testing
import Vocabulary

@testable import Gateway

@Suite struct TokenAllowanceTests {
    @Test func `a client has its burst at once and ten calls a second for good`() {
        let allowance = TokenAllowance()
        for _ in 0..<50 { #expect(allowance.take(1, at: .second) == nil) }
        #expect(allowance.take(1, at: .second) == .milliseconds(100))
        #expect(allowance.take(2, at: .second) == nil)
        for tenth in Int64(1)...100 {
            let now = Nanoseconds.second + .milliseconds(100 * tenth)
            #expect(allowance.take(1, at: now) == nil)
            #expect(allowance.take(1, at: now) == .milliseconds(100))
        }
        for _ in 0..<50 { #expect(allowance.take(1, at: .seconds(100)) == nil) }
        #expect(allowance.take(1, at: .seconds(100)) != nil)
    }

    @Test func `tokens are withdrawn ten times a minute for good`() {
        let allowance = TokenAllowance.forRevocations()
        let taken = (0..<600 as Range<Int64>).count { allowance.take(1, at: .seconds($0)) == nil }
        #expect(taken == 50 + 99)
    }
}
