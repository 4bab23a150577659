import Policy
import Testing
import Vocabulary

/// The section `health` and the key `threshold`: what they become, and what changes the version.
struct HealthPolicyTests {
    private static let whole = """
        health:
          settle: 3s
          shed: 12.5%
          upstream: { errors: 2%, slowdown: 50 }
          tenantErrors: { share: 20%, least: 50, window: 5m }
          signals:
            room: { stressed: 20, overloaded: 5, absent: steady }
            alarm: {}
            load: { steady: 60, stressed: 80, overloaded: 95 }

        """

    @Test func `every key means what it says`() throws {
        let health = try #require(try SmallPolicy(more: Self.whole).snapshot().health)
        #expect(health.settle == .seconds(3) && health.shedBasisPoints == 1_250)
        #expect(health.upstream == .init(errorBasisPoints: 200, slowdownBasisPoints: 5_000))
        #expect(health.tenantErrors == .init(shareBasisPoints: 2_000, least: 50, window: .seconds(300)))
        #expect(
            health.signals == [
                .init(name: "alarm"),
                .init(name: "load", marks: .init(steady: 60, stressed: 80, overloaded: 95)),
                .init(
                    name: "room", marks: .init(steady: nil, stressed: 20, overloaded: 5, isFalling: true),
                    absent: .steady),
            ])
    }

    @Test func `what is not said has its default`() throws {
        let snapshot = try SmallPolicy(more: "health: { upstream: {} }\n").snapshot()
        #expect(snapshot.health == HealthPolicy(upstream: .init()) && !snapshot.seats.hasThreshold)
        #expect(try SmallPolicy().snapshot().health == nil)
    }

    @Test(arguments: [
        "health: { upstream: {} }", "health: { upstream: {}, settle: 11s }", "health: { upstream: { errors: 6% } }",
        "health: { upstream: {}, shed: 0% }", "health: { upstream: {}, signals: { load: {} } }",
        "health: { upstream: {}, signals: { load: { absent: spare } } }",
        "health: { upstream: {}, signals: { load: { stressed: 1 } } }",
        "health: { upstream: {}, signals: { load: { steady: 1 } } }",
        "health: { upstream: {}, tenantErrors: { share: 11% } }", "seats: { threshold: adaptive }",
    ])
    func `every word changes the version, and a policy without it has the one it had`(section: String) throws {
        let plain = try SmallPolicy().snapshot().version
        let stated = try SmallPolicy(more: section + "\n").snapshot().version
        #expect(stated != plain)
        #expect(try SmallPolicy(more: "seats: { threshold: open }\n").snapshot().version == plain)
        let other = try SmallPolicy(more: "health: { upstream: {} }\n").snapshot().version
        #expect((stated == other) == (section == "health: { upstream: {} }"))
    }

    @Test func `a difference says what is otherwise`() throws {
        let before = try SmallPolicy(more: Self.whole).snapshot()
        let after = try SmallPolicy(
            more: Self.whole.replacing("shed: 12.5%", with: "shed: 30%").replacing("stressed: 80", with: "stressed: 70")
        ).snapshot()
        let text = PolicyDifference(from: before, to: after).text
        #expect(text.contains("let go while overloaded") && text.contains("signal load"), "\(text)")
    }
}
