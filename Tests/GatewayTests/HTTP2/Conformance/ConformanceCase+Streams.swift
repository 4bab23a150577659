/// RFC 9113 §5.1: what may come in which state of a stream.
///
/// Where a name says what the specification asks for, something milder is done: a frame on a stream that is over may be
/// one that has crossed our reset, and of those only the newest are remembered.
extension ConformanceCase {
    static let streams: [ConformanceCase] = [
        ConformanceCase("§5.1 DATA on an idle stream", .connectionError(.protocolError), .data(1, "x")),
        ConformanceCase("§5.1 RST_STREAM on an idle stream", .connectionError(.protocolError), .reset(1)),
        ConformanceCase("§5.1 WINDOW_UPDATE on an idle stream", .connectionError(.protocolError), .windowUpdate(1, 1)),
        ConformanceCase(
            "§5.1 PRIORITY on an idle stream is allowed", .answer(200),
            RawFrame(kind: .priority, stream: 1, payload: [0, 0, 0, 0, 1]), whole),
        ConformanceCase("§5.1 DATA after the end of the request", .streamError(.streamClosed), deferred, .data(1, "x")),
        ConformanceCase(
            "§5.1 HEADERS after the end of the request", .streamError(.streamClosed), deferred,
            .headers(1, [("a", "b")])),
        ConformanceCase("§5.1 WINDOW_UPDATE after the end of the request", .nothing, deferred, .windowUpdate(1, 1)),
        ConformanceCase("§5.1 RST_STREAM after the end of the request", .nothing, deferred, .reset(1)),
        ConformanceCase("§5.1 WINDOW_UPDATE on a closed stream", .answer(200), whole, .windowUpdate(1, 1)),
        ConformanceCase("§5.1 RST_STREAM on a closed stream", .answer(200), whole, .reset(1)),
        ConformanceCase(
            "§5.1 PRIORITY on a closed stream", .answer(200), whole,
            RawFrame(kind: .priority, stream: 1, payload: [0, 0, 0, 0, 1])),
        ConformanceCase(
            "§5.1 DATA on a closed stream (for the connection)", .streamError(.streamClosed), whole, .data(1, "x")),
        ConformanceCase(
            "§5.1 HEADERS on a closed stream", .connectionError(.streamClosed), whole, .headers(1, HTTP2Client.head())),
        ConformanceCase(
            "§5.1 HEADERS on a stream that the client has reset", .connectionError(.streamClosed), open, .reset(1),
            .headers(1, HTTP2Client.head())),
        ConformanceCase(
            "§5.1 HEADERS on a closed stream, behind one with a number left out", .connectionError(.streamClosed),
            whole,
            .headers(5, HTTP2Client.head()), .headers(1, HTTP2Client.head())),
        ConformanceCase(
            "§5.1 HEADERS on the newest stream, closed, behind a number left out", .connectionError(.streamClosed),
            .headers(5, HTTP2Client.head()), .headers(5, HTTP2Client.head())),
        ConformanceCase(
            "§5.1 HEADERS on a stream that we have reset is ignored", .streamError(.protocolError),
            .headers(1, HTTP2Client.head() + [("te", "gzip")]), .headers(1, HTTP2Client.head())),
        ConformanceCase(
            "§5.1 DATA after RST_STREAM", .streamError(.streamClosed), open, .reset(1), .data(1, "x")),
        ConformanceCase(
            "§5.1.1 a stream of the server's", .connectionError(.protocolError), .headers(2, HTTP2Client.head())),
        ConformanceCase(
            "§5.1.1 a stream below an earlier one", .connectionError(.protocolError),
            .headers(5, HTTP2Client.head()), .headers(1, HTTP2Client.head())),
        ConformanceCase(
            "§5.1.1 streams may be left out", .answer(200), whole, .headers(9, HTTP2Client.head())),
    ]
}
