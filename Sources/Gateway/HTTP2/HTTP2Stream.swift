internal import NIOCore

/// One stream, from its first frame until both ends have closed it.
struct HTTP2Stream {
    /// Its number.
    let id: UInt32
    /// What the client asks for.
    var request: Request
    /// What happens to it.
    var phase = Phase.body
    /// When that must be over.
    var deadline: NIODeadline
    /// What has arrived of the body, unless all of it came at once.
    var body = ByteBuffer()
    /// Bytes of the body that `content-length` has promised and that have not come.
    var promisedBytes: Int?
    /// Bytes that the client may still send without further credit.
    var receiveWindow: Int
    /// Bytes that we may still send without further credit; negative after the client has lowered it.
    var sendWindow: Int
    /// What could not be sent for want of credit.
    var unsent: Unsent?
    /// Bytes that have been passed on and for which the client has not got back credit.
    var owedCredit = 0
    /// Whether the client has sent all of it.
    var inputHasEnded = false
    /// Whether we have sent all of it.
    var outputHasEnded = false
    /// Memory that the stream holds, its part of the connection's.
    var heldBytes = 0

    /// What a stream asks for.
    enum Request {
        /// A gRPC call, with the token of the gateway that makes it, and when that does not wait any longer.
        case call(GRPCMethod, gatewayToken: String?, deadline: NIODeadline?)
        /// A request that HTTP/1.1 would have as well.
        case plain(HTTP1Message)
        /// Nothing that is answered from its body: the answer has been given already.
        case refused
    }

    /// What happens to a stream.
    enum Phase {
        /// The body arrives. Can transition to all others.
        case body
        /// The answer comes later. Can transition to `answered`.
        case deferred(HTTPDeferral)
        /// The request is passed on while it arrives. Can transition to `body`, to be refused, and `answered`.
        case passing(HTTP2Downstream)
        /// The client watches the server's health; what it was told last. Can transition to `answered`.
        case watching(GRPCHealth)
        /// The answer is written, and one of us has not sent all of it.
        case answered
    }

    /// What could not be sent.
    struct Unsent {
        /// The content.
        var bytes: ByteBuffer
        /// How the answer ends behind it.
        var ending: Ending
        /// The lines of the trailer section behind it.
        var trailers: ByteBuffer?
    }

    /// How an answer ends.
    enum Ending: Hashable {
        /// With its content.
        case content
        /// With the fields of a gRPC call that went well.
        case success
        /// With a trailer section, or nothing more: the answer comes from somebody else.
        case exchange
        /// Not yet.
        case open
    }

    /// Whether both ends have sent everything.
    var isOver: Bool { inputHasEnded && outputHasEnded }

    /// The memory that the stream takes now.
    var memory: Int {
        let content = body.storageCapacity + (unsent?.bytes.storageCapacity ?? 0)
        if case .plain(let message) = request { return MemoryLayout<Self>.stride + content + message.storageBytes }
        return MemoryLayout<Self>.stride + content
    }
}

extension [HTTP2Stream] {
    /// Where a stream is; `nil` if there is none of this number.
    ///
    /// - Complexity: O(log n), O(1) for the newest.
    func position(of id: UInt32) -> Int? {
        guard let last, last.id >= id else { return nil }
        if last.id == id { return count - 1 }
        let position = placement(of: id)
        return self[position].id == id ? position : nil
    }

    /// Where a stream belongs: streams lie in the order of their numbers.
    func placement(of id: UInt32) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
