internal import ArgumentParser
internal import Foundation
internal import NIOCore
internal import NIOPosix

/// Which running server a command talks to.
struct ServerOptions: ParsableArguments {
    @Option(help: "Where the server listens.")
    var server = "http://127.0.0.1:8080"
    @Option(
        name: .customLong("gateway-token-file"),
        help: "A file with a gateway token, where the server does not trust this machine anyway.",
        completion: .file())
    var tokenFile: String?

    /// What a server answered.
    struct Answer {
        /// The body as text.
        let text: String

        /// The body as a value.
        func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
            do { return try JSONDecoder().decode(type, from: Data(text.utf8)) } catch {
                throw Terminal.fail("error: this is no answer of a headgate server: \(text.prefix(200))")
            }
        }
    }

    /// Sends one request, and fails with what a problem document says.
    func send(_ method: String, _ path: String, body: Data? = nil) async throws -> Answer {
        guard let url = URL(string: server), url.scheme == "http", let host = url.host else {
            throw ValidationError(
                "--server is an address such as http://127.0.0.1:8080; this command speaks no TLS, so it is run on the "
                    + "server's own machine, or the call is made with curl")
        }
        var head = "\(method) \(path) HTTP/1.1\r\nHost: \(host):\(url.port ?? 80)\r\nConnection: close\r\n"
        if let token = try token() { head += "Headgate-Gateway-Token: \(token)\r\n" }
        if let body { head += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n" }
        let request = Data((head + "\r\n").utf8) + (body ?? Data())
        let bytes: [UInt8]
        do {
            bytes = try await ServerConnection.exchange(host: host, port: url.port ?? 80, request: [UInt8](request))
        } catch {
            throw Terminal.fail("error: no server answers at \(server): \(error)")
        }
        return try answer(String(decoding: bytes, as: UTF8.self))
    }

    private func token() throws -> String? {
        guard let tokenFile else { return nil }
        guard let text = try? String(contentsOfFile: tokenFile, encoding: .utf8),
            let line = text.split(whereSeparator: \.isNewline).first(where: { !$0.hasPrefix("#") })
        else { throw Terminal.fail("error: \(tokenFile) holds no token") }
        return line.trimmingCharacters(in: .whitespaces)
    }

    private func answer(_ text: String) throws -> Answer {
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        let status = text.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap { Int($0) }
        guard parts.count == 2, let status else {
            throw Terminal.fail("error: what answers at \(server) is no headgate server")
        }
        let body = String(parts[1])
        guard (200..<300).contains(status) else {
            let problem = try? JSONDecoder().decode(ProblemText.self, from: Data(body.utf8))
            throw Terminal.fail("error: \(problem?.detail ?? "the server answers \(status)")")
        }
        return Answer(text: body)
    }

    /// What a problem document says.
    private struct ProblemText: Decodable {
        let detail: String
    }
}

/// One request on a connection of its own.
enum ServerConnection {
    /// The longest answer: a full list has some megabytes.
    private static let bytesMax = 16 << 20

    /// Sends bytes, and gives back everything that comes until the server closes.
    static func exchange(host: String, port: Int, request: [UInt8]) async throws -> [UInt8] {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(5))
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: request))
            var bytes: [UInt8] = []
            for try await part in inbound {
                bytes += part.readableBytesView
                guard bytes.count <= bytesMax else { break }
            }
            return bytes
        }
    }
}
