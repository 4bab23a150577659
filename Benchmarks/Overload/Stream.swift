internal import Foundation

/// Requests of one kind: who sends them, how many, and what becomes of them.
final class Stream {
    /// What it is called.
    let name: String
    /// The request, as bytes.
    let request: String
    /// How many a second.
    let rate: Double
    /// How often a request that was refused is tried again, at once.
    let retries: Int
    /// How long the client waits.
    let patienceMilliseconds: Int64

    /// Draws the pauses between requests; the same in every run.
    private var chance: UInt64

    /// Requests that were begun while it counted, without those that repeat others.
    var begun = 0
    /// Answers with 200, in the time that the client waits.
    var good = 0
    /// Requests that were tried again.
    var repeated = 0
    /// Other answers, by status; 0: the client gave up, -1: the connection broke.
    var refused: [Int: Int] = [:]
    /// How long good answers took, in microseconds, from when the request was due.
    var latencies: [Int] = []

    /// States a stream.
    init(name: String, key: String, path: String, rate: Double, retries: Int, patienceMilliseconds: Int64) {
        self.name = name
        request = "GET \(path) HTTP/1.1\r\nHost: upstream\r\nX-API-Key: \(key)\r\n\r\n"
        self.rate = rate
        self.retries = retries
        self.patienceMilliseconds = patienceMilliseconds
        chance = name.utf8.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    }

    /// Nanoseconds until the next request: clients know nothing of each other, so the pauses are exponential.
    func nextPause() -> Int64 {
        chance = chance &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let uniform = (Double(chance >> 11) + 1) / Double(1 << 53)
        return Int64(-log(uniform) / rate * 1e9)
    }

    /// Reads a file of streams.
    static func read(_ path: String) throws -> [Stream] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 6, let rate = Double(words[3]), let retries = Int(words[4]),
                let patience = Int64(words[5])
            else { return nil }
            return Stream(
                name: words[0], key: words[1], path: words[2], rate: rate, retries: retries,
                patienceMilliseconds: patience)
        }
    }

    /// What became of it, as JSON.
    func summary() -> String {
        latencies.sort()
        let percentiles = [("p50", 0.5), ("p99", 0.99), ("p999", 0.999)].map { name, share in
            "\"\(name)\": \(latencies.isEmpty ? 0 : latencies[min(latencies.count - 1, Int(share * Double(latencies.count)))])"
        }
        let refused = refused.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ")
        return
            "{\"name\": \"\(name)\", \"begun\": \(begun), \"good\": \(good), \"repeated\": \(repeated), "
            + "\"refused\": {\(refused)}, \(percentiles.joined(separator: ", "))}"
    }
}
