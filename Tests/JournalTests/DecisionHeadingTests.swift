import Testing
import Vocabulary

@testable import Journal

struct DecisionHeadingTests {
    private func heading(_ outcome: Outcome, _ reason: Reason, wouldBe: Reason? = nil) -> DecisionHeading {
        DecisionHeading(
            id: Samples.plain(1).id, trafficClass: nil, outcome: outcome, reason: reason, wouldBe: wouldBe)
    }

    @Test func `only what simply went on is a plain admit`() {
        let plain: Set<Reason> = [.withinGuarantee, .borrowed, .withinLimit, .stageNotEnforcing]
        for reason in Reason.allCases {
            #expect(heading(.admit, reason).isPlainAdmit == plain.contains(reason), "\(reason)")
            #expect(!heading(.admit, reason, wouldBe: .tenantCeiling).isPlainAdmit)
            for outcome in Outcome.allCases where outcome != .admit {
                #expect(!heading(outcome, reason).isPlainAdmit)
            }
        }
    }

    @Test(arguments: [UInt64(2), 10, 100])
    func `sampling keeps its share of ids that count upwards and of ids at random`(interval: UInt64) {
        let total = 100_000
        var generator = SeededGenerator(seed: interval)
        let counted = (0..<total).count { number in
            DecisionHeading.isSampled(DecisionID(wall: Samples.wall, unique: UInt128(number)), oneIn: interval)
        }
        let random = (0..<total).count { _ in
            let unique = UInt128(generator.next()) << 64 | UInt128(generator.next())
            return DecisionHeading.isSampled(DecisionID(wall: Samples.wall, unique: unique), oneIn: interval)
        }
        let expected = total / Int(interval)
        // Six standard deviations of a binomial: √(n·p·(1-p)) is at most √n/2, 158.
        let tolerance = Int(6 * (Double(expected) * (1 - 1 / Double(interval))).squareRoot())
        #expect(abs(counted - expected) < tolerance)
        #expect(abs(random - expected) < tolerance)
    }

    @Test func `an interval of 1 keeps all and of 0 none`() {
        for number in 0..<100 {
            let id = Samples.plain(UInt64(number)).id
            #expect(DecisionHeading.isSampled(id, oneIn: 1))
            #expect(!DecisionHeading.isSampled(id, oneIn: 0))
        }
    }
}
