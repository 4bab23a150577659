import AdmissionTestSupport

@testable import Gateway

/// The decoders of Envoy's messages: whatever they find must lie inside the message.
struct ProtobufTarget: FuzzTarget {
    static let name = "protobuf"

    private static let corpus: [[UInt8]] = {
        func written(_ body: (inout ByteWriter) -> Void) -> [UInt8] {
            var writer = ByteWriter()
            body(&writer)
            return writer.withBytes { bytes in bytes.indices.map { bytes[$0] } }
        }
        func pair(_ name: String, _ value: String) -> (inout ByteWriter) -> Void {
            {
                $0.field(1, name); $0.field(2, value)
            }
        }
        let limit = written { call in
            call.field(1, "edge")
            for index in 0..<3 {
                call.field(2) { descriptor in
                    descriptor.field(1, message: pair("key", "value \(index)"))
                    descriptor.field(1, message: pair("x", ""))
                    descriptor.field(3) { $0.field(1, UInt64(index)) }
                    descriptor.field(4, UInt64(index & 1))
                }
            }
            call.field(3, UInt64(300))
        }
        let check = written { message in
            message.field(1) { attributes in
                attributes.field(4) { request in
                    request.field(2) { http in
                        http.field(2, "POST")
                        http.field(3, message: pair("x-api-key", "hg_live_x"))
                        http.field(3, message: pair("headgate-attributes", "a=b"))
                        http.field(4, "/v1/envelopes/7?x=y")
                        http.field(13) { $0.field(1, message: pair("authorization", "Bearer x")) }
                    }
                }
                attributes.field(10, message: pair("workflow.stage", "active"))
            }
        }
        return [limit, check, limit + check, [], [8, 1], [10, 0, 18, 0, 18, 0]]
    }()

    private var rateLimit = RateLimitRequest()
    private var authorization = AuthorizationRequest()

    init() {}

    mutating func run(_ generator: inout SeededGenerator, _ tally: inout FuzzTally) throws {
        let bytes = generator.mutated(ProtobufTarget.corpus)
        try read(bytes, &tally)
        do {
            try rateLimit.decode(bytes.span)
            try check(rateLimit, bytes)
            tally.accepted += 1
        } catch is RateLimitRequest.Problem { tally.refused += 1 }
        do {
            try authorization.decode(bytes.span)
            try check(authorization, bytes)
            tally.accepted += 1
        } catch is ProtobufReader.Malformed { tally.refused += 1 }
    }

    private func read(_ bytes: [UInt8], _ tally: inout FuzzTally) throws {
        var reader = ProtobufReader(0..<bytes.count)
        var steps = 0
        do {
            while let field = try reader.next(bytes.span) {
                steps += 1
                if case .bytes(let range) = field.content { try check(range, bytes) }
            }
        } catch is ProtobufReader.Malformed {}
        // A field has two bytes at least.
        guard steps * 2 <= bytes.count else { throw FuzzFailure("\(steps) fields in \(bytes)") }
        tally.stepsMax = max(tally.stepsMax, steps)
    }

    private func check(_ range: Range<Int>, _ bytes: [UInt8]) throws {
        guard range.lowerBound >= 0, range.upperBound <= bytes.count else { throw FuzzFailure("\(range) of \(bytes)") }
    }

    private func check(_ request: RateLimitRequest, _ bytes: [UInt8]) throws {
        try check(request.domain, bytes)
        for descriptor in request.descriptors {
            guard request.hits(of: descriptor) >= 0 else { throw FuzzFailure("negative hits in \(bytes)") }
            for (key, value) in request.entries[descriptor.entries] {
                try check(key, bytes)
                try check(value, bytes)
            }
        }
    }

    private func check(_ request: AuthorizationRequest, _ bytes: [UInt8]) throws {
        let headers = request.headers
        let ranges = [headers.authorization, headers.apiKey, headers.trafficClass, headers.attributes]
        for range in [request.method, request.path] + ranges.compactMap({ $0 }) { try check(range, bytes) }
        for (name, value) in request.extensions {
            try check(name, bytes)
            try check(value, bytes)
        }
    }
}
