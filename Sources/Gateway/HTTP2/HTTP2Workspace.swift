internal import NIOCore

/// What the HTTP/2 connections of one event loop use one after the other, so that none has to keep it.
final class HTTP2Workspace {
    /// The fields of the head that is being read.
    var fields = HTTP2Fields()
    /// The frames that are being written; empty whenever no connection has anything to do.
    var frames = ByteWriter()
    /// The buffer that was handed out last.
    private var sent = ByteBuffer()

    /// Hands out the frames that have been written, to be sent.
    func takeFrames() -> ByteBuffer {
        sent.recycle(retainedBytesMax: HTTPResponseWriter.retainedBytesMax)
        sent.write(frames)
        frames.clear(retainedBytesMax: HTTPResponseWriter.retainedBytesMax)
        return sent
    }
}
