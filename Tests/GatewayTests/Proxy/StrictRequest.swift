/// A request as a reader takes it apart that knows nothing of ours: strict, and written from RFC 9112 alone.
///
/// Whatever we pass on must be exactly one request to it, however hostile it came in.
struct StrictRequest: Equatable {
    var method: String
    var target: String
    /// The fields in order, names in lower case.
    var fields: [[String]]
    var body: [UInt8]
    var trailers: [[String]] = []

    /// Why bytes are no request.
    struct Malformed: Error, CustomStringConvertible {
        let description: String
    }

    /// The values of a field.
    func values(of name: String) -> [String] { fields.filter { $0[0] == name }.map { $0[1] } }

    /// All requests that bytes are, whole and with nothing left over.
    static func all(in text: String) throws -> [StrictRequest] {
        var rest = Array(text.utf8)[...]
        var requests: [StrictRequest] = []
        while !rest.isEmpty { requests.append(try StrictRequest(&rest)) }
        return requests
    }

    /// The one request that bytes are.
    static func only(in text: String) throws -> StrictRequest {
        let requests = try all(in: text)
        guard requests.count == 1 else { throw Malformed(description: "\(requests.count) requests in \(text)") }
        return requests[0]
    }

    private init(_ rest: inout ArraySlice<UInt8>) throws {
        let start = try StrictRequest.line(&rest).split(separator: " ", omittingEmptySubsequences: false)
        guard start.count == 3, start[2] == "HTTP/1.1", !start[0].isEmpty, start[1].hasPrefix("/") || start[1] == "*"
        else { throw Malformed(description: "request line \(start)") }
        method = String(start[0])
        target = String(start[1])
        fields = try StrictRequest.fields(&rest)
        body = []
        guard values(of: "host").count == 1 else { throw Malformed(description: "hosts \(values(of: "host"))") }
        let (lengths, codings) = (values(of: "content-length"), values(of: "transfer-encoding"))
        switch (lengths.count, codings.count) {
        case (0, 0): break
        case (1, 0):
            guard let length = Int(lengths[0]), "\(length)" == lengths[0], rest.count >= length else {
                throw Malformed(description: "length \(lengths[0]) of \(rest.count)")
            }
            body = Array(rest.prefix(length))
            rest = rest.dropFirst(length)
        case (0, 1) where codings[0] == "chunked": try readChunks(&rest)
        default: throw Malformed(description: "framing \(lengths) \(codings)")
        }
    }

    private mutating func readChunks(_ rest: inout ArraySlice<UInt8>) throws {
        while true {
            let line = try StrictRequest.line(&rest)
            guard let size = Int(line, radix: 16), !line.hasPrefix("+"), rest.count >= size else {
                throw Malformed(description: "chunk size \(line)")
            }
            guard size > 0 else { break }
            body += rest.prefix(size)
            rest = rest.dropFirst(size)
            guard try StrictRequest.line(&rest).isEmpty else { throw Malformed(description: "chunk end") }
        }
        trailers = try StrictRequest.fields(&rest)
    }

    private static func fields(_ rest: inout ArraySlice<UInt8>) throws -> [[String]] {
        var fields: [[String]] = []
        while true {
            let line = try line(&rest)
            if line.isEmpty { return fields }
            guard let colon = line.firstIndex(of: ":") else { throw Malformed(description: "field \(line)") }
            let name = line[..<colon]
            let isToken = name.utf8.allSatisfy { byte in
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                    || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
            guard !name.isEmpty, isToken else { throw Malformed(description: "name \(name)") }
            fields.append([name.lowercased(), String(line[line.index(after: colon)...].drop { $0 == " " })])
        }
    }

    /// A line to its CR LF, with nothing that ends lines or texts elsewhere inside.
    private static func line(_ rest: inout ArraySlice<UInt8>) throws -> String {
        guard let end = rest.firstIndex(where: { $0 == 10 }), end > rest.startIndex, rest[end - 1] == 13 else {
            throw Malformed(description: "line end in \(String(decoding: rest.prefix(80), as: UTF8.self))")
        }
        let line = rest[rest.startIndex..<end - 1]
        guard line.allSatisfy({ $0 >= 32 && $0 != 127 || $0 == 9 }) else {
            throw Malformed(description: "control characters in \(String(decoding: line, as: UTF8.self))")
        }
        rest = rest[(end + 1)...]
        return String(decoding: line, as: UTF8.self)
    }
}
