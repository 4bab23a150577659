import Foundation

/// What `GET /readyz` says.
struct Readiness: Decodable {
    let ready: Bool
    let stopping: Bool
    let policy: String
    let tenants: Int
    let problems: [Problem]

    /// Something that does not hold.
    struct Problem: Decodable {
        let part: String
        let problem: String
    }
}

/// What `GET /metrics` says: samples by name and labels, as they are written.
struct Metrics {
    private let samples: [(series: Substring, value: Double)]

    /// Reads Prometheus' text format.
    init(_ text: String) {
        samples = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
            guard let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...]) else {
                return nil
            }
            return (line[..<space], value)
        }
    }

    /// The sum of the samples of a metric that have all of some labels, as in `reason="borrowed"`; 0 if there are none.
    func sum(_ name: String, _ labels: String...) -> Int {
        Int(
            samples.filter { sample in
                sample.series.prefix { $0 != "{" } == name && labels.allSatisfy(sample.series.contains)
            }.reduce(0) { $0 + $1.value })
    }
}

extension Site {
    /// Asks once, over a connection of its own.
    func check(_ check: Check) async throws -> Answer {
        try await HTTPConnection.with(port: port, tls: tls) { try await $0.check(check) }
    }

    /// Asks `GET /readyz`.
    func readiness() async throws -> (status: Int, body: Readiness) {
        let response = try await HTTPClient(port: port, tls: tls).send(HTTPRequest(target: "/readyz"))
        return (response.status, try JSONDecoder().decode(Readiness.self, from: Data(response.message.body)))
    }

    /// Asks `GET /metrics`.
    func metrics() async throws -> Metrics {
        Metrics(try await HTTPClient(port: port, tls: tls).send(HTTPRequest(target: "/metrics")).text)
    }
}
