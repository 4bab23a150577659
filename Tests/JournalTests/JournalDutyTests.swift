import Dispatch
import Synchronization
import Testing
import Vocabulary

@testable import Journal

/// The writing side stepped by hand: no thread, no clock, no disk.
struct JournalDutyTests {
    private final class Rig {
        let store = ScriptedStore()
        let notices = Notices()
        let writer: JournalWriter
        let duty: JournalDuty
        private(set) var now = Moment(monotonic: .zero, wall: Samples.wall)

        init(depth: Int = 65_536, batch: Int = 2_000) {
            var settings = JournalSettings()
            settings.queueDepthMax = depth
            settings.batchSizeMax = batch
            settings.admitSampling = 1
            writer = JournalWriter(settings: settings, alarm: DispatchSemaphore(value: 0))
            let notices = notices
            duty = JournalDuty(
                writer: writer, storage: store, retention: settings.retention, notify: { notices.append($0) })
        }

        func record(_ numbers: Range<Int>) {
            for number in numbers { writer.record(Samples.refusal(UInt64(number))) }
        }

        func perform(after milliseconds: Int64 = 200) {
            now.monotonic = now.monotonic + .milliseconds(milliseconds)
            now.wall = WallTime(milliseconds: now.wall.milliseconds + milliseconds)
            duty.perform(at: now)
        }
    }

    @Test func `a turn writes all that waits, in batches, and opens the store once`() {
        let rig = Rig(batch: 100)
        rig.record(0..<450)
        rig.perform()
        #expect(rig.store.records.map(\.id) == (0..<450).map { Samples.refusal(UInt64($0)).id })
        #expect(rig.store.batches.allSatisfy { $0.records.count <= 100 })
        #expect(rig.writer.statistics.written == 450)
        #expect(rig.writer.statistics.queueDepth == 0)
        #expect(rig.writer.statistics.lastCommit == rig.now.wall)
        rig.perform()
        #expect(rig.store.opened == 1)
        #expect(rig.notices.all.isEmpty)
    }

    @Test func `with a stalled store memory stays bounded, drops are counted, and nothing that waited is lost`() {
        let rig = Rig(depth: 1_000, batch: 100)
        rig.store.isStalled = true
        for round in 0..<50 {
            rig.record(round * 100..<(round + 1) * 100)
            rig.perform(after: 60_000)
        }
        var statistics = rig.writer.statistics
        #expect(statistics.recorded == 5_000)
        #expect(statistics.queueDepth == 1_000)
        #expect(statistics.dropped == [.throttle: 4_000])
        #expect(statistics.writeErrors == 50)
        #expect(statistics.lastCommit == nil)

        rig.store.isStalled = false
        rig.perform(after: 60_000)
        statistics = rig.writer.statistics
        #expect(statistics.queueDepth == 0)
        #expect(statistics.written == 1_000)
        #expect(rig.store.records.map(\.id) == (0..<1_000).map { Samples.refusal(UInt64($0)).id })
        let tallies = rig.store.batches.flatMap(\.tallies.values)
        #expect(tallies.reduce(0) { $0 + $1.decisions } == 5_000)
        #expect(tallies.reduce(0) { $0 + $1.dropped } == 4_000)
        #expect(rig.notices.codes == [.failing, .recovered])
    }

    @Test func `attempts back off from a quarter of a second to half a minute`() {
        let rig = Rig()
        rig.store.isStalled = true
        rig.record(0..<1)
        var attempted: [Int64] = []
        for tick in 1...3_000 {
            let before = rig.store.attempts
            rig.perform(after: 50)
            if rig.store.attempts > before { attempted.append(Int64(tick) * 50) }
        }
        let gaps = zip(attempted.dropFirst(), attempted).map { $0 - $1 }
        #expect(gaps == [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
    }

    @Test func `a damaged store is moved aside and the same batch goes into a fresh one`() {
        let rig = Rig()
        rig.store.script = [.damaged]
        rig.record(0..<10)
        rig.perform()
        #expect(rig.store.movedAside == 1)
        #expect(rig.store.closed == 1)
        rig.perform(after: 250)
        #expect(rig.store.opened == 2)
        #expect(rig.store.records.count == 10)
        #expect(rig.notices.codes == [.startedFresh, .recovered])
        #expect(rig.notices.all[0].message.contains("aside-1"))
    }

    @Test func `what a store refuses for good is given up, counted, and does not hold up the rest`() {
        let rig = Rig(batch: 10)
        rig.store.script = [.refused]
        rig.record(0..<20)
        rig.perform()
        rig.perform(after: 250)
        #expect(rig.writer.statistics.dropped == [.throttle: 10])
        #expect(rig.writer.statistics.written == 10)
        #expect(rig.writer.statistics.queueDepth == 0)
        #expect(rig.notices.codes == [.refused, .recovered])
    }

    @Test func `the end writes what waits, even while backing off`() {
        let rig = Rig()
        rig.store.script = [.passing]
        rig.record(0..<10)
        rig.perform()
        #expect(rig.store.records.isEmpty)
        rig.duty.finish(at: rig.now)
        #expect(rig.store.records.count == 10)
        #expect(rig.store.opened == rig.store.closed)
    }

    @Test func `the end gives up what cannot be written, and counts it`() {
        let rig = Rig()
        rig.store.isStalled = true
        rig.record(0..<10)
        rig.duty.finish(at: rig.now)
        #expect(rig.store.attempts == 2)
        #expect(rig.writer.statistics.dropped == [.throttle: 10])
        #expect(rig.writer.statistics.queueDepth == 0)
    }

    @Test func `what is promised is made also while nothing can be written`() {
        let writer = JournalWriter(settings: JournalSettings(), alarm: DispatchSemaphore(value: 0))
        let promise = CountedPromise(record: Samples.refusal(1))
        writer.record(promise.record.heading) { promise }
        #expect(promise.madeCount == 0)
        writer.fulfil()
        #expect(promise.madeCount == 1)
        #expect(writer.take().records == [promise.record])
        #expect(promise.madeCount == 1)
    }

    @Test func `a record is built only for a decision that is kept`() {
        var settings = JournalSettings()
        settings.admitSampling = 0
        let writer = JournalWriter(settings: settings, alarm: DispatchSemaphore(value: 0))
        var built = 0
        for number in 0..<10 {
            let record = number % 2 == 0 ? Samples.plain(UInt64(number)) : Samples.refusal(UInt64(number))
            writer.record(record.heading) {
                built += 1
                return record
            }
        }
        #expect(built == 5)
        #expect(writer.statistics.sampledOut == 5)
        #expect(writer.statistics.queueDepth == 5)
    }
}

/// Counts how often its record is made.
private final class CountedPromise: RecordPromise {
    let record: DecisionRecord
    private let count = Atomic(0)
    var madeCount: Int { count.load(ordering: .relaxed) }

    init(record: DecisionRecord) { self.record = record }

    func makeRecord() -> DecisionRecord {
        count.add(1, ordering: .relaxed)
        return record
    }
}
