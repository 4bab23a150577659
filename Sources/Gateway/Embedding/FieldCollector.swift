/// Collects the fields of an answer one by one.
struct FieldCollector: FieldSink {
    /// The fields.
    private(set) var collected: [(name: String, value: String)] = []

    mutating func field(_ name: StaticString, writing value: (inout ByteWriter) -> Void) {
        var text = ByteWriter()
        value(&text)
        collected.append((name.description, text.withBytes { FieldCollector.text($0) }))
    }

    mutating func fields(_ lines: Span<UInt8>) {
        for line in FieldCollector.text(lines).split(separator: "\r\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            collected.append((String(line[..<colon]), String(line[line.index(after: colon)...].drop { $0 == " " })))
        }
    }

    private static func text(_ bytes: Span<UInt8>) -> String {
        String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
    }
}
