internal import NIOCore
internal import Vocabulary

/// What an idempotency key asks of an exchange: to run and keep the answer, to wait for the first one's, or to give
/// that.
final class KeyedExchange {
    /// The run to be ended; `nil`: this is a repeat, or it has ended.
    var run: IdempotentRun?
    /// The wait for the first one.
    var wait: IdempotentWait?
    /// The request's head as it came, should it have to be decided again.
    var original = ByteBuffer()
    /// Who sent it.
    var peer: HTTPPeer?
    /// The answer to be given if the body is the first one's.
    var stored: (answer: StoredAnswer, bodyOfFirst: UInt128?)?
    /// The answer as it is kept.
    var answer: StoredAnswer?
    /// The head of an answer that the client must not see before it is on disk.
    var heldHead: (head: HTTPResponseHead, bytes: ByteBuffer)?
    /// Whether the answer has turned out too large to be kept.
    var isTooLarge = false
    /// The client has left; somebody must hold the exchange until the answer is complete.
    var orphan: ProxyExchange?
    private var bodyHash: KeyedHash.Stream
    private let bodyBytesMax: Int

    /// Begins with nothing read.
    init(_ store: IdempotencyStore) {
        bodyHash = store.bodyHash()
        bodyBytesMax = store.bodyBytesMax
    }

    /// Takes note of a part of the request's body.
    func note(_ content: ByteBuffer) { bodyHash.append(content.readableBytesUInt8Span) }

    /// The hash of the request's body.
    var bodyHashed: UInt128 {
        let hash = bodyHash
        return hash.finish()
    }

    /// Begins to keep an answer.
    func keep(_ head: HTTPResponseHead, _ bytes: ByteBuffer) {
        var lines = ByteWriter()
        PassedOnHead.writeFields(head, bytes, keepsLength: false, into: &lines)
        let fields = lines.withBytes { span in span.indices.map { span[$0] } }
        answer = StoredAnswer(status: head.status, fields: fields, body: [])
    }

    /// Keeps a part of an answer; says whether it has just become too large.
    func keep(_ content: ByteBuffer) -> Bool {
        guard !isTooLarge, answer != nil else { return false }
        guard (answer?.body?.count ?? 0) + content.readableBytes <= bodyBytesMax else {
            isTooLarge = true
            return true
        }
        answer?.body?.append(contentsOf: content.readableBytesView)
        return false
    }
}
