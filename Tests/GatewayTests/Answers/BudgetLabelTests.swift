import Admission
import Policy
import Testing
import Vocabulary

@testable import Gateway

@Suite("How budgets are shown in header fields")
struct BudgetLabelTests {
    private let policy = """
        headgate: 1
        name: labels
        owner: platform
        tiers: [ { name: critical } ]
        classes:
          web: { tier: critical, consequence: low, owner: web }
          repair:
            { tier: critical, consequence: repair, owner: data, isolated: true, onLimit: { reschedule: 30s } }
        defaults: { class: web }
        operations:
          export: { match: "GET /exports", class: web }
        plans:
          standard:
            tenant: { rate: 300/s, burst: 600 }
            classes: { web: { ceiling: 100/s, ceilingBurst: 250 }, repair: { guarantee: 7/3s, burst: 14 } }
            operations: { export: { rate: 10/min, burst: 20 } }
            quotas: { requests: 5000000/month, bytes: 9000000000000000/day }
        descriptors:
          edge:
            limits:
              - { key: address, rate: 10/s }
              - { key: bulk, rate: 10/s, name: bulk-writes }
        """

    private func labels() throws -> (labels: BudgetLabels, snapshot: Snapshot) {
        let result = PolicyCompiler.compile([SourceFile(name: "policy.yaml", text: policy)])
        let snapshot = try #require(result.snapshot, "\(result.diagnostics)")
        return (BudgetLabels(snapshot), snapshot)
    }

    private func item(_ kind: BudgetReading.Kind, _ index: Int, plan: Int = 0) throws -> String {
        var reading = BudgetReading()
        reading.kind = kind
        reading.index = index
        let labels = try labels().labels
        let place = labels.policyItem(of: labels.number(of: reading, plan: plan, envelope: .baseline), isFirst: true)
        return String(decoding: labels.text[place], as: UTF8.self)
    }

    @Test func `every budget has its name, its limit and its window`() throws {
        let plan = try labels().snapshot.plans[0]
        let web = try #require(plan.classOfLane.firstIndex(of: 1))
        let repair = try #require(plan.classOfLane.firstIndex(of: 0))
        #expect(try item(.lanes, -1) == "\"tenant\";q=586;w=2")
        #expect(try item(.lanes, repair) == "\"class\";q=14;w=6")
        #expect(try item(.ceiling, web) == "\"class-ceiling\";q=250;w=3")
        #expect(try item(.operation, 0) == "\"operation\";q=20;w=120")
    }

    @Test func `quotas say what they count, and no number is longer than a structured field may have`() throws {
        let quotas = try labels().snapshot.plans[0].quotas
        let requests = try #require(quotas.firstIndex { $0.unit == .requests })
        let bytes = try #require(quotas.firstIndex { $0.unit == .bytes })
        #expect(try item(.quota, requests) == "\"quota-requests-month\";q=5000000;w=2678400")
        #expect(try item(.quota, bytes) == "\"quota-bytes-day\";q=999999999999999;qu=\"content-bytes\";w=86400")
    }

    @Test func `limits of descriptors have their names, if they have one`() throws {
        let items = try (1...2).map { try item(.lanes, -1, plan: $0) }
        #expect(items.sorted() == ["\"bulk-writes\";q=10;w=1", "\"limit\";q=10;w=1"])
    }
}
