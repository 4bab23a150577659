import AdmissionTestSupport
import Policy
import Testing
import Vocabulary

@testable import Admission

@Suite struct quotas {
    private static let day: Int64 = 86_400_000_000_000

    private func subject(_ quotas: [Plan.Quota]) throws -> EngineUnderTest {
        let subject = try World(quotas: quotas).engine()
        subject.wallAtZero = 1_798_675_200_000  // 2026-12-31T00:00:00Z
        return subject
    }

    @Test func `a day's allowance ends at midnight UTC, to the millisecond`() throws {
        let subject = try subject([.init(unit: .requests, amount: 3, period: .day)])
        subject.now = Self.day / 2
        #expect(subject.drain() == 3)
        let refused = subject.decide()
        #expect(refused.reason == .quotaExhausted)
        #expect(refused.retryAfter == Nanoseconds(Self.day / 2))
        subject.now = Self.day - 1_000_000
        #expect(!subject.decide().isAdmitted)
        subject.now = Self.day
        #expect(subject.drain() == 3)
    }

    @Test func `a month's allowance ends with the month`() throws {
        let subject = try subject([.init(unit: .cost, amount: 10, period: .month)])
        #expect(subject.decide(cost: 7).isAdmitted)
        #expect(subject.decide(cost: 4).reason == .quotaExhausted)
        #expect(subject.decide(cost: 3).isAdmitted)
        subject.now = Self.day
        #expect(subject.decide(cost: 10).isAdmitted, "2027-01-01 is another month")
    }

    @Test func `bytes are counted where they are reported`() throws {
        let subject = try subject([.init(unit: .bytes, amount: 1_000, period: .day)])
        #expect(subject.decide(bytes: 600).isAdmitted)
        #expect(subject.decide(bytes: 401).reason == .quotaExhausted)
        #expect(subject.decide(bytes: 0).isAdmitted)
        #expect(subject.decide(bytes: 1_001).reason == .costExceedsBurst)
    }

    @Test func `a day's allowance ends when clocks of its zone show midnight, after 23 hours in spring`() throws {
        var world = World(quotas: [.init(unit: .requests, amount: 3, period: .day)])
        world.zone = try #require(CalendarZone(named: "Europe/Berlin"))
        let subject = try world.engine()
        subject.wallAtZero = 1_774_738_800_000  // 2026-03-28T23:00:00Z, where the 29th begins
        let hour = Self.day / 24
        #expect(subject.drain() == 3)
        subject.now = 23 * hour - 1_000_000
        let refused = subject.decide()
        #expect(refused.reason == .quotaExhausted && refused.retryAfter == .milliseconds(1))
        subject.now = 23 * hour
        #expect(subject.drain() == 3)
        subject.now = 47 * hour - 1_000_000
        #expect(!subject.decide().isAdmitted)
        subject.now = 47 * hour
        #expect(subject.decide().isAdmitted)
    }

    @Test func `what is used of quotas can be asked for, and asking changes nothing`() throws {
        var world = World(
            quotas: [.init(unit: .requests, amount: 3, period: .day), .init(unit: .cost, amount: 100, period: .month)])
        world.zone = try #require(CalendarZone(named: "Asia/Kolkata"))
        let subject = try world.engine()
        subject.wallAtZero = 1_798_675_200_000  // 2026-12-31T00:00:00Z
        let key = EngineUnderTest.key(1)
        func uses() throws -> [QuotaUse] {
            let moment = Moment(
                monotonic: Nanoseconds(subject.now),
                wall: WallTime(milliseconds: subject.wallAtZero + subject.now / 1_000_000))
            let engine = subject.engine
            return try #require(engine.quotaUse(of: key, plan: 0, with: engine.blueprint, at: moment))
        }
        #expect(try uses().map(\.used) == [0, 0] && subject.engine.tenantCount == 0)
        _ = subject.decide(cost: 7)
        _ = subject.decide(cost: 8)
        #expect(try uses().map(\.used) == [2, 15])
        #expect(try uses().map(\.amount) == [3, 100])
        #expect(try uses().map(\.end.description) == ["2026-12-31T18:30:00.000Z", "2026-12-31T18:30:00.000Z"])
        subject.now = Self.day
        #expect(try uses().map(\.used) == [0, 0], "another day, and another month")
    }

    @Test func `bytes that are known afterwards are owed, and the next period owes nothing`() throws {
        let world = World(
            quotas: [.init(unit: .requests, amount: 9, period: .day), .init(unit: .bytes, amount: 100, period: .day)])
        let subject = try world.engine()
        subject.wallAtZero = 1_798_675_200_000
        let key = EngineUnderTest.key(1)
        let moment = Moment(monotonic: .zero, wall: WallTime(milliseconds: subject.wallAtZero))
        subject.engine.chargeBytes(50, to: key, at: moment)
        #expect(subject.engine.tenantCount == 0, "nobody is made for it")
        #expect(subject.decide(bytes: 1).isAdmitted)
        subject.engine.chargeBytes(90, to: key, at: moment)
        #expect(subject.decide(bytes: 1).isAdmitted)
        subject.engine.chargeBytes(500, to: key, at: moment)
        #expect(subject.decide(bytes: 1).reason == .quotaExhausted)
        let uses = subject.engine.quotaUse(of: key, plan: 0, with: subject.engine.blueprint, at: moment)
        #expect(uses?.map(\.used) == [2, 592])
        subject.now = Self.day
        #expect(subject.decide(bytes: 100).isAdmitted)
    }

    @Test func `zones that take turns in one shard do not disturb one another`() throws {
        let names = ["UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland"]
        let zones = try names.map { try #require(CalendarZone(named: $0)) }
        var memory = PeriodMemory()
        for step in 0..<5_000 {
            let wall = WallTime(milliseconds: 1_798_000_000_000 + Int64(step) * 3_607_000)
            for zone in step % 3 == 0 ? zones.reversed() : zones {
                let periods = memory.at(wall, in: zone)
                for period in CalendarPeriod.allCases {
                    #expect(periods.index(period) == period.index(at: wall, in: zone))
                }
            }
        }
    }

    @Test func `a wall clock that steps moves the calendar and no budget`() throws {
        var world = World(tenant: ([.perSecond(1)], 2))
        world.quotas = [.init(unit: .requests, amount: 100, period: .day)]
        let subject = try world.engine()
        #expect(subject.drain() == 2)
        subject.wallAtZero += 3_600_000
        #expect(!subject.decide().isAdmitted)
    }
}

@Suite struct calendars {
    @Test func `every day of 400 years has the number and the date of its successor's predecessor`() {
        var date = CivilDate(year: 1_900, month: 1, day: 1)
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        for number in date.dayNumber..<(date.dayNumber + 146_097) {
            #expect(date.dayNumber == number && CivilDate(dayNumber: number) == date)
            let isLeap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0)
            let length = lengths[Int(date.month) - 1] + (date.month == 2 && isLeap ? 1 : 0)
            date.day += 1
            if date.day > length { (date.day, date.month) = (1, date.month + 1) }
            if date.month > 12 { (date.month, date.year) = (1, date.year + 1) }
        }
    }

    @Test func `periods begin where they should, before and after 1970`() {
        for (text, milliseconds, month) in [
            ("1969-12-31T23:59:59.999Z", Int64(-1), Int32(-1)), ("1970-01-01T00:00:00.000Z", 0, 0),
            ("2026-11-21T04:59:02.123Z", 1_795_237_142_123, 682),
        ] {
            let wall = WallTime(milliseconds: milliseconds)
            #expect(wall.description == text)
            #expect(CalendarPeriod.month.index(at: wall) == month)
            #expect(CalendarPeriod.month.start(of: month) <= wall)
            #expect(wall < CalendarPeriod.month.start(of: month + 1))
        }
        for (period, numbers) in [
            (CalendarPeriod.day, [Int32(-1), 0, 20_778]), (.week, [0, 0, 2_968]), (.year, [-1, 0, 56]),
        ] {
            for (milliseconds, number) in zip([Int64(-1), 0, 1_795_237_142_123], numbers) {
                let wall = WallTime(milliseconds: milliseconds)
                #expect(period.index(at: wall) == number)
                #expect(period.start(of: number) <= wall && wall < period.start(of: number + 1))
            }
        }
        #expect(CalendarPeriod.week.start(of: 2_968).description == "2026-11-16T00:00:00.000Z", "a Monday")
        #expect(CalendarPeriod.week.start(of: 0).description == "1969-12-29T00:00:00.000Z", "a Monday")
        #expect(CalendarPeriod.year.start(of: 57).description == "2027-01-01T00:00:00.000Z")
        #expect(WallTime(milliseconds: 1_795_219_200_000).minuteOfWeek == 5 * 1_440, "2026-11-21 is a Saturday")
    }
}
