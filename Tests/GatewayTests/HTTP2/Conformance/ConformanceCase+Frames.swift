/// RFC 9113 §6: each kind of frame.
extension ConformanceCase {
    static let frames: [ConformanceCase] = dataFrames + controlFrames + settingsFrames + windowFrames

    private static let dataFrames: [ConformanceCase] = [
        ConformanceCase("§6.1 DATA on stream 0", .connectionError(.protocolError), .data(0, "x")),
        ConformanceCase(
            "§6.1 padding longer than the frame", .connectionError(.protocolError), open,
            RawFrame(kind: .data, flags: RawFrame.padded, stream: 1, payload: [5, 1, 2, 3])),
        ConformanceCase(
            "§6.1 padding as long as the frame", .connectionError(.protocolError), open,
            RawFrame(kind: .data, flags: RawFrame.padded, stream: 1, payload: [4, 1, 2, 3])),
        ConformanceCase(
            "§6.1 nothing but padding", .answer(200), open, .data(1, [], ends: true, padding: 3)),
        ConformanceCase("§6.2 HEADERS on stream 0", .connectionError(.protocolError), .block(0, block)),
        ConformanceCase(
            "§6.2 HEADERS with padding", .answer(200),
            RawFrame(kind: .headers, flags: 0x0D, stream: 1, payload: [2] + block + [0, 0])),
        ConformanceCase(
            "§6.2 HEADERS with padding longer than the frame", .connectionError(.protocolError),
            RawFrame(kind: .headers, flags: 0x0D, stream: 1, payload: [255] + block)),
        ConformanceCase(
            "§6.2 HEADERS with a priority", .answer(200),
            RawFrame(kind: .headers, flags: 0x25, stream: 1, payload: [0, 0, 0, 0, 200] + block)),
    ]

    private static let controlFrames: [ConformanceCase] = [
        ConformanceCase(
            "§6.3 PRIORITY on stream 0", .connectionError(.protocolError),
            RawFrame(kind: .priority, payload: [0, 0, 0, 0, 1])),
        ConformanceCase(
            "§6.3 PRIORITY of four bytes", .streamError(.frameSize), open,
            RawFrame(kind: .priority, stream: 1, payload: [0, 0, 0, 0])),
        ConformanceCase(
            "§6.3 PRIORITY of six bytes", .streamError(.frameSize), open,
            RawFrame(kind: .priority, stream: 1, payload: [0, 0, 0, 0, 0, 0])),
        ConformanceCase(
            "§6.3 PRIORITY of four bytes on an idle stream, which no reset may name", .connectionError(.frameSize),
            RawFrame(kind: .priority, stream: 1, payload: [0, 0, 0, 0])),
        ConformanceCase("§6.4 RST_STREAM on stream 0", .connectionError(.protocolError), .reset(0)),
        ConformanceCase(
            "§6.4 RST_STREAM of three bytes", .connectionError(.frameSize), open,
            RawFrame(kind: .reset, stream: 1, payload: [0, 0, 8])),
        ConformanceCase(
            "§6.6 PUSH_PROMISE from a client", .connectionError(.protocolError), open,
            RawFrame(kind: .pushPromise, flags: 0x4, stream: 1, payload: [0, 0, 0, 2] + block)),
        ConformanceCase(
            "§6.7 PING on a stream", .connectionError(.protocolError),
            RawFrame(kind: .ping, stream: 1, payload: Array("12345678".utf8))),
        ConformanceCase(
            "§6.7 PING of seven bytes", .connectionError(.frameSize),
            RawFrame(kind: .ping, payload: Array("1234567".utf8))),
        ConformanceCase(
            "§6.8 GOAWAY on a stream", .connectionError(.protocolError),
            RawFrame(kind: .goAway, stream: 1, payload: [UInt8](repeating: 0, count: 8))),
        ConformanceCase(
            "§6.8 GOAWAY of seven bytes", .connectionError(.frameSize),
            RawFrame(kind: .goAway, payload: [UInt8](repeating: 0, count: 7))),
    ]

    private static let settingsFrames: [ConformanceCase] = [
        ConformanceCase(
            "§6.5 SETTINGS on a stream", .connectionError(.protocolError), RawFrame(kind: .settings, stream: 1)),
        ConformanceCase(
            "§6.5 an acknowledgement with content", .connectionError(.frameSize),
            RawFrame(kind: .settings, flags: RawFrame.acknowledged, payload: [0, 3, 0, 0, 0, 1])),
        ConformanceCase(
            "§6.5 SETTINGS of five bytes", .connectionError(.frameSize),
            RawFrame(kind: .settings, payload: [0, 3, 0, 0, 0])),
        ConformanceCase("§6.5.2 ENABLE_PUSH is 2", .connectionError(.protocolError), .settings([(2, 2)])),
        ConformanceCase("§6.5.2 INITIAL_WINDOW_SIZE is 2³¹", .connectionError(.flowControl), .settings([(4, 1 << 31)])),
        ConformanceCase("§6.5.2 MAX_FRAME_SIZE is 16,383", .connectionError(.protocolError), .settings([(5, 16_383)])),
        ConformanceCase("§6.5.2 MAX_FRAME_SIZE is 2²⁴", .connectionError(.protocolError), .settings([(5, 1 << 24)])),
        ConformanceCase("§6.5.2 an unknown setting is ignored", .answer(200), .settings([(0xFF, 1)]), whole),
        ConformanceCase("§6.5.3 settings may be said twice", .answer(200), .settings([(4, 1), (4, 70_000)]), whole),
    ]

    private static let windowFrames: [ConformanceCase] = [
        ConformanceCase(
            "§6.9 a connection's WINDOW_UPDATE of 0", .connectionError(.protocolError), .windowUpdate(0, 0)),
        ConformanceCase("§6.9 a stream's WINDOW_UPDATE of 0", .streamError(.protocolError), open, .windowUpdate(1, 0)),
        ConformanceCase(
            "§6.9 WINDOW_UPDATE of three bytes", .connectionError(.frameSize),
            RawFrame(kind: .windowUpdate, payload: [0, 0, 1])),
        ConformanceCase(
            "§6.9.1 a connection's window beyond 2³¹-1", .connectionError(.flowControl), .windowUpdate(0, 0x7FFF_FFFF)),
        ConformanceCase(
            "§6.9.1 a stream's window beyond 2³¹-1", .streamError(.flowControl), open, .windowUpdate(1, 0x7FFF_FFFF)),
        ConformanceCase(
            "§6.9.2 a window that a setting takes beyond 2³¹-1", .connectionError(.flowControl), open,
            .windowUpdate(1, 0x7FFF_0000), .settings([(4, 0x7FFF_FFFF)])),
    ]
}
