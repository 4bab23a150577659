/// RFC 9113 §4 and §5.5: frames, header blocks, extensions.
extension ConformanceCase {
    static let framing: [ConformanceCase] = [
        ConformanceCase(
            "§4.1 a frame of an unknown type is ignored", .answer(200), RawFrame(kind: .unknown, payload: [1, 2]), whole
        ),
        ConformanceCase(
            "§4.1 unknown flags are ignored", .answer(200),
            RawFrame(kind: .ping, flags: 0x16, payload: Array("12345678".utf8)), whole),
        ConformanceCase(
            "§4.1 the reserved bit of a stream's number is ignored", .answer(200),
            RawFrame(kind: .headers, flags: 0x5, stream: 0x8000_0001, payload: block)),
        ConformanceCase(
            "§4.2 DATA of the largest size is taken", .nothing, open, .data(1, [UInt8](repeating: 0, count: 16_384))),
        ConformanceCase(
            "§4.2 DATA beyond the largest size", .connectionError(.frameSize), open,
            .data(1, [UInt8](repeating: 0, count: 16_385))),
        ConformanceCase(
            "§4.2 HEADERS beyond the largest size", .connectionError(.frameSize),
            .block(1, [UInt8](repeating: 0, count: 16_385))),
        ConformanceCase(
            "§4.2 a frame of 16 MB", .connectionError(.frameSize),
            RawFrame(kind: .settings, payload: [], claimedLength: 0xFF_FFFF)),
        ConformanceCase(
            "§4.3 a block in three frames", .answer(200), .block(1, Array(block[..<5]), isWhole: false),
            .continuation(1, Array(block[5..<20]), isWhole: false), .continuation(1, Array(block[20...]))),
        ConformanceCase(
            "§4.3 a block that ends in the middle of a field", .connectionError(.compression),
            .block(1, Array(block.dropLast()))),
        ConformanceCase(
            "§4.3 DATA inside a block", .connectionError(.protocolError), .block(1, block, isWhole: false),
            .data(1, "x")),
        ConformanceCase(
            "§4.3 HEADERS of another stream inside a block", .connectionError(.protocolError),
            .block(1, block, isWhole: false), .block(3, block)),
        ConformanceCase(
            "§4.3 PING inside a block", .connectionError(.protocolError), .block(1, block, isWhole: false), .ping()),
        ConformanceCase(
            "§5.5 an unknown frame inside a block", .connectionError(.protocolError), .block(1, block, isWhole: false),
            RawFrame(kind: .unknown, stream: 1)),
        ConformanceCase(
            "§6.10 CONTINUATION of another stream", .connectionError(.protocolError), .block(1, block, isWhole: false),
            .continuation(3, block)),
        ConformanceCase(
            "§6.10 CONTINUATION without HEADERS", .connectionError(.protocolError), .continuation(1, block)),
        ConformanceCase(
            "§6.10 CONTINUATION after the end of a block", .connectionError(.protocolError), open,
            .continuation(1, block)),
        ConformanceCase("§6.10 CONTINUATION on stream 0", .connectionError(.protocolError), .continuation(0, block)),
    ]
}
