import Synchronization
import Testing
import Vocabulary

@testable import Gateway

@Suite("The health of upstreams")
struct UpstreamHealthTests {
    private static func at(_ seconds: Int64) -> Nanoseconds { .seconds(1_000 + seconds) }

    private func fail(_ health: inout UpstreamHealth, times: Int, at now: Nanoseconds, mayEject: Bool = true) -> Bool {
        var isEjected = false
        for _ in 0..<times { isEjected = health.noteFailure(at: now, mayEject: mayEject) != nil }
        return isEjected
    }

    @Test func `five failures in a row eject for ten seconds, and then for ten more each time`() {
        var health = UpstreamHealth()
        var now: Int64 = 0
        for time: Int64 in [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 100, 100] {
            #expect(!fail(&health, times: 4, at: UpstreamHealthTests.at(now)))
            #expect(health.isAvailable(at: UpstreamHealthTests.at(now)))
            #expect(fail(&health, times: 1, at: UpstreamHealthTests.at(now)))
            #expect(!health.isAvailable(at: UpstreamHealthTests.at(now + time - 1)))
            now += time
            #expect(health.isAvailable(at: UpstreamHealthTests.at(now)))
        }
    }

    @Test func `a success in between begins the count anew, and long enough after an ejection forgives it`() {
        var health = UpstreamHealth()
        for _ in 0..<10 {
            #expect(!fail(&health, times: 4, at: UpstreamHealthTests.at(0)))
            health.noteSuccess(at: UpstreamHealthTests.at(0))
        }
        #expect(fail(&health, times: 5, at: UpstreamHealthTests.at(0)))
        health.noteSuccess(at: UpstreamHealthTests.at(21))
        #expect(fail(&health, times: 5, at: UpstreamHealthTests.at(30)))
        #expect(health.isAvailable(at: UpstreamHealthTests.at(40)))
    }

    @Test func `whoever must stay is not ejected`() {
        var health = UpstreamHealth()
        #expect(!fail(&health, times: 100, at: UpstreamHealthTests.at(0), mayEject: false))
        #expect(health.isAvailable(at: UpstreamHealthTests.at(0)))
    }

    @Test func `three failed probes take an upstream out, two good ones bring it back`() {
        var health = UpstreamHealth()
        for (isGood, isAvailable) in [
            (false, true), (false, true), (true, true), (false, true), (false, true), (false, false), (false, false),
            (true, false), (false, false), (true, false), (true, true), (false, true),
        ] {
            _ = health.noteProbe(isGood)
            #expect(health.isAvailable(at: UpstreamHealthTests.at(0)) == isAvailable)
        }
    }

    @Test func `of many upstreams at most half are ejected, and each request tries none twice`() throws {
        for count in 1...6 {
            let set = UpstreamSet(try (1...count).map { try UpstreamAddress("http://127.0.0.1:\($0)") })
            for upstream in set.upstreams {
                for _ in 0..<20 { set.noteFailure(of: upstream, at: UpstreamHealthTests.at(0)) }
            }
            let left = set.upstreams.count { $0.isAvailable(at: UpstreamHealthTests.at(0)) }
            #expect(left * 2 >= count)
            #expect(count == 1 || left < count)
            var (tried, chosen) = (UInt64(0), [Int]())
            while let upstream = set.choose(besides: tried, at: UpstreamHealthTests.at(0)) {
                tried |= 1 << UInt64(upstream.index)
                chosen.append(upstream.index)
            }
            #expect(chosen.sorted() == Array(0..<count))
        }
    }

    @Test func `of two that are next to each other the one with less to do is chosen`() throws {
        let set = UpstreamSet(try (1...3).map { try UpstreamAddress("http://127.0.0.1:\($0)") })
        for index in [0, 1] { set.upstreams[index].inFlight.add(10, ordering: .relaxed) }
        var counts = [0, 0, 0]
        for _ in 0..<300 { counts[set.choose(besides: 0, at: UpstreamHealthTests.at(0))?.index ?? 0] += 1 }
        #expect(counts == [100, 0, 200] || counts == [0, 100, 200])
    }
}
