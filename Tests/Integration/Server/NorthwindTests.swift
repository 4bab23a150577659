import Testing

extension ServerTests {
    /// One tenant, five kinds of work: the same traffic under a flat cap and under layers.
    @Suite struct Northwind {
        private static let tenant = "northwind-logistics"
        private static let web = tenant + "/web"
        private static let erp = tenant + "/erp"
        private static let repair = tenant + "/reconciliation-worker"
        private static let replays = tenant + "/support-console"
        private static let export = tenant + "/nightly-export"
        private static let neighbour = "harbour-supplies/web"

        /// The rows of the table.
        private static let principals = [erp, web, repair, replays, export, neighbour]

        /// Two seconds around a shift change, while the night's export is not done and an incident is being mended.
        ///
        /// Everybody but the ERP stays inside its guarantee even if no time passed at all: the costs of all calls
        /// together are no more than the burst of the class. The ERP asks each time for more than the tenant's ceiling
        /// gives in two seconds, and last for single units, so that a flat cap is empty for whoever comes next.
        private static var recording: Recording {
            var recording = Recording()
            let all = stride(from: 0, to: 2_000, by: 100)
            // The shift change: 800 units at once, then 620 again and again.
            recording.add(80, erp, "POST", "/v1/orders/batches", at: [0])
            for offset in all.dropFirst() {
                recording.add(60, erp, "POST", "/v1/orders/batches", at: [offset])
                recording.add(20, erp, "GET", "/v1/orders/42", at: [offset])
            }
            // People look at orders: 160 units.
            recording.add(8, web, "GET", "/v1/orders/7", at: all)
            // Reconciliation after the incident: 5 + 170 units.
            recording.add(1, repair, "GET", "/v1/reconciliation/orders", at: [300])
            recording.add(5, repair, "PUT", "/v1/reconciliation/orders/42", at: all.dropFirst(3))
            // Support replays shipments: 40 units.
            recording.add(2, replays, "POST", "/v1/support/shipments/9/replays", at: all.dropFirst(8).prefix(10))
            // The night's export: 10 + 75 units.
            recording.add(1, export, "POST", "/v1/exports", at: [500])
            recording.add(1, export, "GET", "/v1/exports/2026-11-20/pages/7", at: [600, 1_000, 1_500])
            // The neighbour: 20 units.
            recording.add(1, neighbour, "GET", "/v1/orders/1", at: all)
            return recording
        }

        @Test func `layers protect repair and replay where a flat cap refused them`() async throws {
            let flat = try await play(try Example.operations.text("policy-flat.yaml"))
            let layered = try await play(try Example.operations.policy())
            print(Northwind.table(flat, layered))
            expectFlat(flat)
            expectLayered(layered)
            for replay in [flat, layered] {
                #expect(replay.answers(to: Northwind.neighbour).allSatisfy { $0.isAdmitted })
            }
        }

        private func play(_ policy: String) async throws -> Replay {
            try await Site.with(policy: policy, directory: try Example.operations.text("directory.yaml")) { site in
                var keys: [String: String] = [:]
                for principal in Northwind.principals { keys[principal] = try await site.addKey(for: principal) }
                try await site.start()
                return try await HTTPConnection.with(port: site.port) { [keys] connection in
                    try await Northwind.recording.play(over: connection, keys: keys)
                }
            }
        }

        /// The ERP's burst passes, and the first 429s hit the work that restores the truth.
        private func expectFlat(_ replay: Replay) {
            #expect(replay.moments[0].batch.answers.allSatisfy { $0.isAdmitted })
            for principal in [Northwind.repair, Northwind.replays] {
                let refused = replay.answers(to: principal).filter { !$0.isAdmitted }
                #expect(!refused.isEmpty, "\(principal) is refused")
                #expect(refused.allSatisfy { $0.reason == "tenant_ceiling" }, "\(principal)")
            }
            #expect(replay.excess(over: 900, perSecond: 300) { $0.hasPrefix(Northwind.tenant) } == nil)
        }

        /// Nobody but the ERP is refused anything, and the ERP is trimmed to its class's ceiling.
        private func expectLayered(_ replay: Replay) {
            for principal in [Northwind.repair, Northwind.replays, Northwind.web, Northwind.export] {
                let answers = replay.answers(to: principal)
                #expect(!answers.isEmpty)
                #expect(answers.allSatisfy { $0.reason == "within_guarantee" }, "\(principal)")
            }
            let refused = replay.answers(to: Northwind.erp).filter { !$0.isAdmitted }
            #expect(!refused.isEmpty)
            #expect(refused.allSatisfy { $0.reason == "class_budget" })
            #expect(replay.excess(over: 300, perSecond: 150) { $0 == Northwind.erp } == nil)
            #expect(replay.excess(over: 900, perSecond: 300) { $0.hasPrefix(Northwind.tenant) } == nil)
        }

        /// What was asked, admitted and refused, class by class, in cost units.
        private static func table(_ flat: Replay, _ layered: Replay) -> String {
            func cells(_ replay: Replay, _ principal: String) -> [String] {
                let answers = replay.answers(to: principal)
                let refused = answers.filter { !$0.isAdmitted }
                let admitted = answers.filter { $0.isAdmitted }
                return ["\(cost(admitted))", "\(cost(refused))", refused.first?.reason ?? "-"]
            }
            func cost(_ answers: [Answer]) -> Int { answers.reduce(0) { $0 + $1.cost } }
            let rows = principals.map { principal in
                [principal, "\(cost(flat.answers(to: principal)))"] + cells(flat, principal) + cells(layered, principal)
            }
            let head = ["who", "asked", "flat: admitted", "refused", "first", "layered: admitted", "refused", "first"]
            return TextTable([head] + rows).text
        }
    }
}
