import NIOCore
import NIOEmbedded
import Testing
import Vocabulary

@testable import Gateway

/// Clients and upstreams that do anything, in any order and in any pieces: nothing is ever lost, kept or done twice.
@Suite("Storms on the proxy")
struct ProxyStormTests {
    /// A client with what it has still to send.
    private final class StormClient {
        let end: ClientEnd
        var script: [UInt8]
        var reads = true

        init(_ end: ClientEnd, script: [UInt8]) {
            self.end = end
            self.script = script
        }
    }

    /// What an upstream's connection has been sent, and how far the answer to its last request is.
    private final class StormUpstream {
        let end: UpstreamEnd
        var received = ""
        var pending: [UInt8] = []
        var answered = 0

        init(_ end: UpstreamEnd) { self.end = end }
    }

    /// One storm.
    private final class Storm {
        let world: ProxyWorld
        var generator: SeededGenerator
        var clients: [StormClient] = []
        var upstreams: [StormUpstream] = []
        var number = 0

        init(seed: UInt64) throws {
            world = try ProxyWorld(seats: 3, upstreams: ["http://127.0.0.1:9001", "http://127.0.0.1:9002"])
            generator = SeededGenerator(seed: seed)
            for _ in 0..<5 { clients.append(try client()) }
        }

        func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }

        func client() throws -> StormClient {
            var script: [UInt8] = []
            if below(2) == 0 {
                for _ in 0...below(4) { script += Array(request().utf8) }
            } else {
                script = HTTP2Client.preface + RawFrame.settings().bytes
                for index in 0...below(6) { script += frames(UInt32(2 * index + 1)).flatMap(\.bytes) }
            }
            return StormClient(try world.connect(), script: script)
        }

        /// A request over HTTP/2, sometimes with something that goes wrong.
        private func frames(_ stream: UInt32) -> [RawFrame] {
            number += 1
            func head(_ method: String, _ fields: (String, String)...) -> [(String, String)] {
                [(":method", method), (":scheme", "http"), (":path", "/t/\(number)"), (":authority", "a")]
                    + [("x-api-key", world.credential)] + fields
            }
            switch below(7) {
            case 0, 1: return [.headers(stream, head("GET"))]
            case 2:
                let pieces: [RawFrame] = [.data(stream, "he"), .data(stream, "llo", ends: true)]
                return [.headers(stream, head("POST"), ends: false)] + pieces
            case 3:
                let length = ("content-length", "5")
                return [.headers(stream, head("PUT", length), ends: false), .data(stream, "hello", ends: true)]
            case 4:
                return [
                    .headers(stream, head("POST", ("te", "trailers")), ends: false), .data(stream, "hello"),
                    .headers(stream, [("x-t", "1")]),
                ]
            case 5: return [.headers(stream, head("POST"), ends: false), .data(stream, "he"), .reset(stream)]
            default:
                let length = ("content-length", "9")
                return [.headers(stream, head("POST", length), ends: false), .data(stream, "hello", ends: true)]
            }
        }

        private func request() -> String {
            number += 1
            switch below(7) {
            case 0, 1: return world.request("GET /t/\(number)")
            case 2: return world.request("POST /t/\(number)", "Content-Length: 5", body: "hello")
            case 3: return world.request("PUT /t/\(number)", "Content-Length: 5", "Expect: 100-continue", body: "hello")
            case 4:
                let body = "3;x\r\nabc\r\n2\r\nde\r\n0\r\nX-T: 1\r\n\r\n"
                return world.request("POST /t/\(number)", "Transfer-Encoding: chunked", body: body)
            case 5:
                let body = "3\r\nabcX\r\n0\r\n\r\n"
                return world.request("POST /t/\(number)", "Transfer-Encoding: chunked", body: body)
            default: return world.request("GET /t/\(number)", "Headgate-Timeout-Ms: 1500")
            }
        }

        func step() throws {
            for end in world.doors.opened.dropFirst(upstreams.count) { upstreams.append(StormUpstream(end)) }
            switch below(20) {
            case 0..<9: try stepClient()
            case 9..<19: try stepUpstream()
            default: if below(4) == 0 { world.advance(seconds: 1) }
            }
        }

        private func stepClient() throws {
            let index = below(clients.count)
            let client = clients[index]
            _ = try client.end.received()
            switch below(30) {
            case 0: client.end.reset()
            case 1: client.end.endOutput()
            case 2, 3:
                client.reads.toggle()
                client.end.setReads(client.reads)
            default:
                // A socket delivers only to who reads.
                guard client.end.isReadFrom || below(10) == 0 else { return }
                let piece = client.script.prefix(1 + below(80))
                client.script.removeFirst(piece.count)
                client.end.send(bytes: Array(piece))
            }
            if !client.end.channel.isActive || client.script.isEmpty && below(3) == 0 {
                client.end.reset()
                clients[index] = try self.client()
            }
        }

        private func stepUpstream() throws {
            guard !upstreams.isEmpty else { return }
            // The newest ones: the others are mostly gone.
            let upstream = upstreams[max(0, upstreams.count - 1 - below(6))]
            upstream.received += try upstream.end.received()
            guard upstream.end.channel.isActive else { return }
            switch below(24) {
            case 0: return upstream.end.reset()
            case 1: return upstream.end.endOutput()
            case 2: return upstream.end.setReads(below(2) == 0)
            case 3 where below(8) == 0: return upstream.end.send("nobody asked")
            default: break
            }
            if upstream.pending.isEmpty {
                guard upstream.received.ranges(of: "Via: 1.1 headgate\r\n").count > upstream.answered else { return }
                upstream.answered += 1
                upstream.pending = Array(answer().utf8)
            }
            let piece = upstream.pending.prefix(1 + below(60))
            upstream.pending.removeFirst(piece.count)
            upstream.end.send(bytes: Array(piece))
        }

        private func answer() -> String {
            switch below(10) {
            case 0: "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"
            case 1: "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc"
            case 2: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc"
            case 3...5:
                "HTTP/1.1 103 Hints\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
            default: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
            }
        }

        /// Everybody leaves; what upstreams have been sent is looked at.
        func finish() throws -> (requests: Int, twice: [String]) {
            for client in clients { client.end.reset() }
            world.advance(seconds: 3)
            for end in world.doors.opened.dropFirst(upstreams.count) { upstreams.append(StormUpstream(end)) }
            var counts: [String: Int] = [:]
            for upstream in upstreams {
                upstream.received += try upstream.end.received()
                for line in upstream.received.split(separator: "\r\n") where line.hasSuffix(" HTTP/1.1") {
                    counts[String(line), default: 0] += 1
                }
                // Nothing is sent behind a request that has not been answered.
                #expect(upstream.received.ranges(of: "Via: 1.1 headgate\r\n").count <= upstream.answered + 1)
            }
            return (counts.count, counts.filter { $0.key.hasPrefix("POST") && $0.value > 1 }.map(\.key))
        }
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `seats, places, connections and bytes are given back, and nothing is sent twice`(seed: UInt64) throws {
        let storm = try Storm(seed: seed)
        for step in 0..<1_500 {
            try storm.step()
            if step.isMultiple(of: 100) {
                #expect(storm.world.seats.counts.inUse <= 3)
                #expect(storm.world.seats.staleCount == 0)
            }
        }
        let (requests, twice) = try storm.finish()
        #expect(requests > 20)
        #expect(twice.isEmpty)
        #expect(storm.world.isAtRest)
    }
}
