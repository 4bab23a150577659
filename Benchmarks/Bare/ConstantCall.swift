import NIOCore
import NIOHPACK
import NIOHTTP2

/// Answers every call with the same gRPC message, straight on the frames, without a channel for each stream.
final class ConstantCall: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    private let head = HPACKHeaders([(":status", "200"), ("content-type", "application/grpc")])
    private let trailers = HPACKHeaders([("grpc-status", "0")])
    /// `RateLimitResponse { overall_code: OK }` behind the five bytes of gRPC's frame.
    private let message = ByteBuffer(bytes: [0, 0, 0, 0, 2, 0x08, 0x01])
    /// Bytes of bodies that have not been credited to the client yet.
    private var received = 0

    /// Half of the window that a client has at first (RFC 9113 §6.9.2): it never waits for more.
    private static let creditMin = 32_767

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.payload {
        case .headers(let headers) where headers.endStream: answer(frame.streamID, context)
        case .data(let data):
            credit(data.data.readableBytes, context)
            if data.endStream { answer(frame.streamID, context) }
        default: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) { context.flush() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(_ stream: HTTP2StreamID, _ context: ChannelHandlerContext) {
        let parts: [HTTP2Frame.FramePayload] = [
            .headers(.init(headers: head)), .data(.init(data: .byteBuffer(message))),
            .headers(.init(headers: trailers, endStream: true)),
        ]
        for part in parts { context.write(wrapOutboundOut(HTTP2Frame(streamID: stream, payload: part)), promise: nil) }
    }

    private func credit(_ count: Int, _ context: ChannelHandlerContext) {
        received += count
        guard received >= ConstantCall.creditMin else { return }
        let payload = HTTP2Frame.FramePayload.windowUpdate(windowSizeIncrement: received)
        context.write(wrapOutboundOut(HTTP2Frame(streamID: .rootStream, payload: payload)), promise: nil)
        received = 0
    }
}
