import AdmissionTestSupport
import Policy
import Testing
import Vocabulary

/// What docs/decisions/0040-everybody-may-wait.md promises of a policy that says nothing about the threshold.
@Suite struct `a tier whose tenants ask for more than there is` {
    @Test(arguments: [(tenants: 2, load: 2.0), (2, 1.5), (5, 2.5), (40, 2.0)])
    func `gives each the same within one per cent`(tenants: Int, load: Double) {
        let loads = [Double](repeating: 160 * load / Double(tenants), count: tenants)
        // As long as it takes until what runs at the end is nothing beside what ran.
        let shares = FewTenantsWorld.run(loads, seconds: tenants > 10 ? 600 : 150, seed: 21)
        let times = shares.map { Double($0.seatTime) }
        let mean = times.reduce(0, +) / Double(tenants)
        let worst = times.map { abs($0 - mean) / mean }.max() ?? 1
        #expect(worst <= 0.01, "\(tenants) tenants: \(worst) of \(shares)")
    }

    @Test(arguments: [1, 4])
    func `refuses nothing of one that asks for far less than its share`(others: Int) {
        let loads = [2.0] + [Double](repeating: 480 / Double(others), count: others)
        let shares = FewTenantsWorld.run(loads, seconds: 150, seed: 22)
        #expect(shares[0].asked > 200 && shares[0].refused == 0, "\(shares)")
        #expect(shares.dropFirst().allSatisfy { $0.refused * 2 > $0.asked }, "the others are refused most: \(shares)")
    }

    @Test func `is less fair with a threshold, which is why there is none unless it is asked for`() {
        let shares = FewTenantsWorld.run([160, 160], Seats(hasThreshold: true), seconds: 150, seed: 21)
        let times = shares.map { Double($0.seatTime) }
        #expect(abs(times[0] - times[1]) > 0.03 * (times[0] + times[1]) / 2, "\(shares)")
    }
}
