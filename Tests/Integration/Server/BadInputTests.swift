import Foundation
import Testing

extension ServerTests {
    /// What nobody should send, sent to a running server.
    @Suite struct BadInput {
        @Test func `bad input gets a clear answer, and the server goes on`() async throws {
            try await Site.with(
                policy: try Example.signing.policy(), directory: try Example.signing.text("directory.yaml")
            ) { site in
                try await site.start()
                for row in BadRequest.all {
                    let response = try await BadInput.send(row, to: site.port)
                    #expect(response?.status == row.status, "\(row.name)")
                    #expect(try BadInput.detail(of: response).contains(row.detail), "\(row.name)")
                    let health = try await HTTPClient(port: site.port).send(HTTPRequest(target: "/healthz"))
                    #expect(health.status == 200, "after \(row.name)")
                }
                let metrics = try await site.metrics()
                expectCounted(by: metrics)
                #expect(await site.stop() == 0)
                // Every refusal is kept.
                let refused = try await site.journal().filter { $0.decision != "admit" }
                let admitted = metrics.sum("headgate_decisions_total", #"outcome="admit""#)
                #expect(refused.count == metrics.sum("headgate_decisions_total") - admitted)
            }
        }

        /// Every violation and every decision is counted once, and nothing else.
        private func expectCounted(by metrics: Metrics) {
            #expect(BadRequest.all.count >= 60)
            let violations = Dictionary(grouping: BadRequest.all.filter(\.isViolation), by: \.status)
            for (status, rows) in violations {
                let count = metrics.sum("headgate_http_violations_total", #"status="\#(status)""#)
                #expect(count == rows.count, "violations with \(status)")
            }
            let total = violations.reduce(0) { $0 + $1.value.count }
            #expect(metrics.sum("headgate_http_violations_total") == total)
            let decided = BadRequest.all.reduce(0) { $0 + $1.decisions }
            #expect(metrics.sum("headgate_decisions_total") == decided)
            #expect(metrics.sum("headgate_decision_duration_seconds_count") == decided)
        }

        /// Sends a row over a connection of its own and reads the last of its answers.
        private static func send(_ row: BadRequest, to port: Int) async throws -> HTTPResponse? {
            try await HTTPConnection.with(port: port) { connection in
                try await connection.write(row.bytes)
                if row.isCutOff { connection.finish() }
                var last: HTTPResponse?
                for _ in 0..<row.answers { last = try await connection.readIfAny() }
                // After a violation nobody knows where the next request begins: the connection has to end.
                if row.isViolation { #expect(try await connection.readIfAny() == nil, "\(row.name)") }
                return last
            }
        }

        /// The detail of a problem, or the body of any other answer.
        private static func detail(of response: HTTPResponse?) throws -> String {
            guard let response else { return "" }
            guard response["Content-Type"] == "application/problem+json" else { return response.text }
            let body = Data(response.message.body)
            return try JSONDecoder().decode(ProblemDetail.self, from: body).detail
        }

        private struct ProblemDetail: Decodable {
            let detail: String
        }
    }
}

/// One row: bytes that nobody should send, and what answers them.
struct BadRequest: Sendable {
    /// What is wrong with it.
    let name: String
    /// What is sent.
    let bytes: [UInt8]
    /// The status of the last answer.
    let status: Int
    /// A part of what the last answer says.
    let detail: String
    /// Whether the connection cannot go on.
    var isViolation = false
    /// Whether nothing follows the bytes.
    var isCutOff = false
    /// How many answers come.
    var answers = 1
    /// How many decisions fall all the same.
    var decisions = 0

    /// All rows.
    static var all: [BadRequest] { lines + fields + framing + targets + texts + members + names + batches + sequences }
}
