internal import Admission
internal import NIOCore
internal import Vocabulary

/// Reading the beginning of a body before seats are asked for.
///
/// Whoever sends slowly does so without a seat: most bodies have come as a whole before an upstream hears of them, and
/// then go to it with their head. While the request waits for seats nothing more is read.
///
/// A client that streams may wait for an answer before it goes on. So a body without a length is not waited for while
/// there is plenty of seats.
extension ProxyExchange {
    /// What has been gathered of a body, behind `head`.
    struct Gathered {
        /// Bytes of memory, counted in `ProxyLoop.gatheredBytes`.
        var byteCount = 0
        /// Ticks that have passed meanwhile.
        var ticks = 0
        /// Whether that is all of the body.
        var isWhole = false
    }

    /// Whether there is a body to gather, a client that does not wait to be asked for it, and memory.
    func mayGather(_ request: borrowing HTTPRequestView) -> Bool {
        traits.hasBody && !request.head.expectsContinue && loop.gatheredBytes < ProxyLoop.gatheredBytesMax
    }

    /// Begins.
    func gather(_ request: borrowing HTTPRequestView) {
        description = describe(request)
        phase = .gathering
        downstream?.readsBody = true
    }

    /// Takes a part of the body.
    func gather(_ content: ByteBuffer) {
        if traits.isChunked { head.writeChunkSize(content.readableBytes) }
        head.writeImmutableBuffer(content)
        if traits.isChunked { head.writeStaticString("\r\n") }
        loop.gatheredBytes += head.storageCapacity - gathered.byteCount
        gathered.byteCount = head.storageCapacity
        guard head.readableBytes >= ProxyExchange.gatheredBytesMax else { return }
        downstream?.readsBody = false
        askForSeats()
    }

    /// A second is over and the body is not complete.
    func gatherOn() {
        gathered.ticks += 1
        guard traits.isChunked, gathered.ticks > 1, loop.seats.hasPlenty else { return }
        downstream?.readsBody = false
        askForSeats()
    }

    /// The body is complete.
    func endGathering(_ trailers: ByteBuffer?) {
        if traits.isChunked { head.writeLastChunk(trailers) }
        gathered.isWhole = true
        askForSeats()
    }

    /// The request ends before it has asked for seats: whatever repeats it is the first.
    func stopGathering() {
        if let decision { loop.decider.conclude(decision, nil) { description } }
        keyed?.run?.release()
        keyed?.run = nil
    }

    /// What has been gathered is not held any more.
    func forgetGathered() {
        loop.gatheredBytes -= gathered.byteCount
        gathered.byteCount = 0
    }

    private func askForSeats() {
        guard let decision else { return }
        askForPlace(decision, at: Clock.monotonic()) { description }
    }

    /// Bytes of head and body at which seats are asked for.
    private static let gatheredBytesMax = 8_192
}
