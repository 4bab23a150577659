internal import HummingbirdCore
internal import NIOCore

/// What is left of a request when it is answered.
///
/// A client that still writes hears an answer only if somebody goes on reading; a stranger who writes for ever is not
/// read for ever. So some more is read and thrown away. If more than a little is left, the connection ends after that,
/// and the answer says so: a client that did not know would send its next request into a connection that is closing.
enum Leftover: Sendable {
    /// Nothing: the connection goes on.
    case nothing
    /// The whole body, of which nothing has been read, and how many bytes it was announced to have; `nil`: nobody
    /// knows, or the server stops anyway.
    case whole(RequestBody, announced: Int?)
    /// A part of it that will not be read: the connection has to end.
    case part

    /// The most bytes with which a connection goes on: more than a call has that was only refused for a missing
    /// sign-in.
    private static let smallMax = 64 << 10
    /// The most bytes that are read to be thrown away.
    private static let bytesMax = 4 << 20
    /// How long they may take.
    private static let time = Duration.seconds(2)

    /// Why the connection ends; nobody reads it.
    private struct Ending: Error {}

    /// Whether the connection ends after the answer, which has to say so.
    var endsConnection: Bool {
        switch self {
        case .nothing: false
        case .whole(_, let announced): announced.map { $0 > Leftover.smallMax } ?? true
        case .part: true
        }
    }

    /// Reads a body; `nil` if it is larger, or does not come whole.
    static func bytes(of body: RequestBody, atMost max: Int) async -> [UInt8]? {
        var buffer = ByteBuffer()
        do {
            for try await part in body {
                guard buffer.readableBytes + part.readableBytes <= max else { return nil }
                buffer.writeImmutableBuffer(part)
            }
        } catch {
            return nil
        }
        return Array(buffer: buffer)
    }

    /// Reads what is left.
    ///
    /// - Throws: if the connection has to end because of it.
    func discard() async throws {
        switch self {
        case .nothing: return
        case .part: throw Ending()
        case .whole(let body, _):
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    var count = 0
                    for try await part in body {
                        count += part.readableBytes
                        guard count <= Leftover.bytesMax else { throw Ending() }
                    }
                }
                group.addTask {
                    try await Task.sleep(for: Leftover.time)
                    throw Ending()
                }
                _ = try await group.next()
                group.cancelAll()
            }
            if endsConnection { throw Ending() }
        }
    }
}
