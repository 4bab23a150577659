/// Why a stream or a connection ends (RFC 9113 §7).
///
/// Thrown, it ends the connection.
enum HTTP2ErrorCode: UInt32, Error {
    case noError, protocolError, internalError, flowControl, settingsTimeout, streamClosed, frameSize, refusedStream
    case cancel, compression, connect, enhanceYourCalm
}
