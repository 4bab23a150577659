import Testing

@testable import Gateway

/// Lanes in dips, against a plain set.
@Suite struct DipTableTests {
    private static func isKnown(_ beginning: DipTable.Beginning) -> Bool {
        if case .known = beginning { true } else { false }
    }

    @Test func `a dip begins once and ends once, whatever else happens`() {
        for seed in 1...20 as ClosedRange<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let lanes = (0..<200).map { _ in generator.next() }
            let table = DipTable()
            var open: Set<UInt64> = []
            for step in 0..<5_000 {
                let lane = lanes[Int.random(in: 0..<lanes.count, using: &generator)]
                if Bool.random(using: &generator) {
                    let wasOpen = !open.insert(lane).inserted
                    let isKnown = DipTableTests.isKnown(table.begin(lane, second: Int64(step / 100)))
                    #expect(isKnown == wasOpen, "seed \(seed), step \(step)")
                } else {
                    let wasOpen = open.remove(lane) != nil
                    let hasEnded = table.end(lane)
                    #expect(hasEnded == wasOpen, "seed \(seed), step \(step)")
                }
                #expect(table.openDips == open.count)
                #expect(table.hasOpen == !open.isEmpty)
            }
        }
    }

    @Test func `a full line says so and forgets nothing`() {
        let table = DipTable()
        let lanes = (1...9 as ClosedRange<UInt64>).map { $0 << 32 }  // all of one line
        for lane in lanes.prefix(8) { #expect(!DipTableTests.isKnown(table.begin(lane, second: 0))) }
        guard case .full = table.begin(lanes[8], second: 0) else {
            Issue.record("nine lanes in eight words")
            return
        }
        for lane in lanes.prefix(8) { #expect(DipTableTests.isKnown(table.begin(lane, second: 0))) }
        #expect(table.end(lanes[3]))
        #expect(!DipTableTests.isKnown(table.begin(lanes[8], second: 0)))
        #expect(table.openDips == 8)
    }

    @Test(arguments: [Int64(0), 0xff_fff0, 0x1_0000_0000])
    func `a lane that nobody uses leaves its dip after a minute`(start: Int64) {
        let table = DipTable()
        _ = table.begin(1 << 40, second: start)
        _ = table.begin(2 << 40, second: start)
        table.sweep(second: start + 60)
        #expect(table.openDips == 2)
        #expect(DipTableTests.isKnown(table.begin(2 << 40, second: start + 60)))
        table.sweep(second: start + 61)
        #expect(table.openDips == 1)
        #expect(!DipTableTests.isKnown(table.begin(1 << 40, second: start + 61)))
        table.sweep(second: start + 200)
        #expect(!table.hasOpen)
    }
}
