internal import HummingbirdCore
internal import NIOCore

/// What is left of a request when it is answered.
///
/// A client that still writes hears an answer only if somebody goes on reading; a stranger who writes for ever is not
/// read for ever. So a little more is read and thrown away, and then the connection ends.
enum Leftover: Sendable {
    /// Nothing: the connection goes on.
    case nothing
    /// The whole body, of which nothing has been read.
    case whole(RequestBody)
    /// A part of it that will not be read: the connection has to end.
    case part

    /// The most bytes that are read to be thrown away: more than a call has that was only refused for a missing
    /// sign-in.
    private static let bytesMax = 64 << 10
    /// How long they may take.
    private static let time = Duration.seconds(2)

    /// Why the connection ends; nobody reads it.
    private struct Ending: Error {}

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
        case .whole(let body):
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
        }
    }
}
