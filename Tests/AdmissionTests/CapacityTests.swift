import Admission
import AdmissionTestSupport
import Policy
import Testing
import Vocabulary

@Suite struct `the index of tenants` {
    @Test(arguments: [UInt64](1...10))
    func `finds what a dictionary finds, and moves a few entries at a time`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var index = TenantIndex()
        var tags: [UInt32: UInt32] = [:]
        var next: UInt32 = 0
        func tag() -> UInt32 { UInt32.random(in: 0...(1 << 20), using: &random) << 5 | 1 }
        for step in 0..<60_000 {
            let isGrowingPhase = step / 10_000 % 2 == 0
            if Int.random(in: 0..<4, using: &random) < (isGrowingPhase ? 3 : 1) {
                let tag = tag()
                guard tags[tag] == nil else { continue }
                next += 1
                tags[tag] = next
                index.insert(tag, offset: next)
            } else if let (tag, offset) = tags.randomElement(using: &random),
                let place = index.find(tag, { $0 == offset })
            {
                tags[tag] = nil
                index.remove(place)
            }
            #expect(index.movedCount <= TenantIndex.stepSlots)
            #expect(index.count == tags.count)
            let probe = tag()
            #expect(index.find(probe) { $0 == tags[probe] }?.offset == tags[probe], "seed \(seed), step \(step)")
        }
        for (tag, offset) in tags { #expect(index.find(tag) { $0 == offset }?.offset == offset) }
        var seen: Set<UInt32> = []
        for _ in 0..<index.walkLength { if let offset = index.next() { seen.insert(offset) } }
        #expect(seen == Set(tags.values), "a walk leads past all")
    }
}

@Suite struct `as many tenants as there may be` {
    private func subject() throws -> EngineUnderTest {
        EngineUnderTest(
            try World(tenant: ([.perSecond(1)], 10)).snapshot(), shardCount: 1, tenantCountMax: 100)
    }

    @Test func `refuse a newcomer and forget nobody's debt`() throws {
        let subject = try subject()
        for tenant in UInt64(1)...100 { #expect(subject.decide(tenant: tenant, cost: 10).isAdmitted) }
        let refused = subject.decide(tenant: 101)
        #expect(!refused.isAdmitted && refused.reason == .tenantsFull)
        #expect(subject.engine.refusedNewcomerCount == 1)
        #expect(subject.engine.tenantCount == 100)
        for tenant in UInt64(1)...100 { #expect(subject.decide(tenant: tenant).reason == .tenantCeiling) }
    }

    @Test func `make room where somebody is idle`() throws {
        let subject = try subject()
        for tenant in UInt64(1)...100 { #expect(subject.decide(tenant: tenant).isAdmitted) }
        subject.now = 20_000_000_000
        for tenant in UInt64(1_001)...1_100 {
            while !subject.decide(tenant: tenant).isAdmitted {
                // A newcomer looks at a few; each that is refused goes on where the last one stopped.
                #expect(subject.engine.refusedNewcomerCount < 1_000)
            }
        }
        #expect(subject.engine.tenantCount <= 100)
    }

    @Test func `say in a milder stage what enforcement would have said`() throws {
        let subject = try subject()
        for tenant in UInt64(1)...100 { _ = subject.decide(tenant: tenant) }
        let verdict = subject.decide(tenant: 101, stage: .shadow)
        #expect(verdict.isAdmitted && verdict.reason == .stageNotEnforcing && verdict.wouldBe == .tenantsFull)
        #expect(subject.decide(tenant: 101, isPeek: true).isAdmitted, "a look needs no place")
    }
}
