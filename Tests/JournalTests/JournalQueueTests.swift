import Testing
import Vocabulary

@testable import Journal

struct JournalQueueTests {
    private func queue(depth: Int = 8, batch: Int = 4, sampling: UInt64 = 1) -> JournalQueue {
        var settings = JournalSettings()
        settings.queueDepthMax = depth
        settings.batchSizeMax = batch
        settings.admitSampling = sampling
        return JournalQueue(settings: settings)
    }

    @discardableResult
    private func offer(_ record: DecisionRecord, to queue: inout JournalQueue) -> Bool {
        guard queue.reserve(record.heading) else { return false }
        return queue.append(record)
    }

    private func isBalanced(_ statistics: JournalStatistics) -> Bool {
        statistics.recorded == statistics.sampledOut + statistics.written
            + statistics.dropped.values.reduce(0, +) + Int64(statistics.queueDepth)
    }

    @Test func `plain admits fill half of the room, refusals all of it, and the rest is counted by outcome`() {
        var queue = queue()
        for number in 0..<10 { offer(Samples.plain(UInt64(number)), to: &queue) }
        #expect(queue.statistics.queueDepth == 4)
        #expect(queue.statistics.dropped == [.admit: 6])
        for number in 10..<20 { offer(Samples.refusal(UInt64(number)), to: &queue) }
        #expect(queue.statistics.queueDepth == 8)
        #expect(queue.statistics.dropped == [.admit: 6, .throttle: 6])
        #expect(isBalanced(queue.statistics))
    }

    @Test func `what is being written still takes up room`() {
        var queue = queue()
        for number in 0..<8 { offer(Samples.refusal(UInt64(number)), to: &queue) }
        let batch = queue.take()
        #expect(batch.records.count == 4)
        offer(Samples.refusal(8), to: &queue)
        #expect(queue.statistics.dropped == [.throttle: 1])
        queue.settleWritten(batch.records.count, at: Samples.wall)
        offer(Samples.refusal(9), to: &queue)
        #expect(queue.statistics.queueDepth == 5)
        #expect(queue.statistics.written == 4)
        #expect(isBalanced(queue.statistics))
    }

    @Test func `records come out in the order they went in, a batch at a time`() {
        var queue = queue(depth: 1_000, batch: 300)
        for number in 0..<700 { offer(Samples.refusal(UInt64(number)), to: &queue) }
        var numbers: [UInt128] = []
        var sizes: [Int] = []
        while true {
            let batch = queue.take()
            if batch.isEmpty { break }
            sizes.append(batch.records.count)
            numbers += batch.records.map { $0.id.bits & 0xFFFF }
        }
        #expect(numbers == (0..<700).map { UInt128($0) })
        #expect(sizes.allSatisfy { $0 <= 300 })
    }

    @Test func `the alarm is due exactly when a batch is full`() {
        var queue = queue(depth: 100, batch: 4)
        let due = (0..<9).map { offer(Samples.refusal(UInt64($0)), to: &queue) }
        #expect(due == [false, false, false, true, false, false, false, false, false])
        _ = queue.take()
        _ = queue.take()
        #expect((0..<4).map { offer(Samples.refusal(UInt64($0)), to: &queue) } == [false, false, true, false])
    }

    @Test func `every decision is counted, whatever becomes of its record`() {
        var queue = queue(depth: 4, sampling: 10)
        for number in 0..<1_000 { offer(Samples.plain(UInt64(number)), to: &queue) }
        for number in 0..<10 { offer(Samples.refusal(UInt64(number)), to: &queue) }
        let tallies = queue.take().tallies
        #expect(tallies.values.reduce(0) { $0 + $1.decisions } == 1_010)
        let refusals = tallies[TallyKey(Samples.refusal(0).heading)]
        #expect(refusals?.decisions == 10)
        #expect(refusals?.dropped == 8)
        #expect(isBalanced(queue.statistics))
    }

    @Test func `counts that want the same place are all kept`() {
        var queue = queue(depth: 1_000)
        let records = [Samples.refusal(0), Samples.refusal(0, after: 60_000), Samples.refusal(0, after: 120_000)]
        #expect(Set(records.map { RecentTallies.place(of: $0.heading) }).count == 1)
        for _ in 0..<5 { for record in records { offer(record, to: &queue) } }
        offer(records[0], to: &queue)
        let tallies = queue.take().tallies
        #expect(records.map { tallies[TallyKey($0.heading)]?.decisions } == [6, 5, 5])
        #expect(queue.take().tallies.isEmpty)
    }

    @Test func `what was promised comes out as it went in, between records that were there already`() {
        var queue = queue(depth: 2_000, batch: 300)
        for number in 0..<400 {
            let record = Samples.refusal(UInt64(number))
            guard queue.reserve(record.heading) else { continue }
            _ = queue.append(record as any RecordPromise)
            if number % 100 == 50 { for chunk in queue.takePromises() { queue.fulfil(chunk.map { $0.makeRecord() }) } }
        }
        for chunk in queue.takePromises() { queue.fulfil(chunk.map { $0.makeRecord() }) }
        let numbers = (0..<2).flatMap { _ in queue.take().records.map { $0.id.bits & 0xFFFF } }
        #expect(numbers == (0..<400).map { UInt128($0) })
    }

    @Test func `counts that cannot be written for hours stay bounded, and what is missing is counted`() {
        var queue = queue(depth: 1)
        for minute in 0..<20_000 {
            offer(Samples.refusal(1, after: Int64(minute) * 60_000), to: &queue)
        }
        #expect(queue.take().tallies.count == JournalQueue.tallyCountMax)
        #expect(queue.statistics.uncounted == Int64(20_000 - JournalQueue.tallyCountMax))
    }

    @Test func `giving records up counts them as dropped, and does not count them twice`() {
        var queue = queue()
        for number in 0..<4 { offer(Samples.refusal(UInt64(number)), to: &queue) }
        let batch = queue.take()
        queue.settleDropped(batch.records)
        #expect(queue.statistics.dropped == [.throttle: 4])
        #expect(isBalanced(queue.statistics))
        let again = queue.take().tallies[TallyKey(Samples.refusal(0).heading)]
        #expect(again?.decisions == 0)
        #expect(again?.dropped == 4)
    }
}
