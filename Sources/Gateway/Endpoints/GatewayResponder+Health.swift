internal import NIOCore

/// The health service of gRPC (grpc.health.v1), by which proxies choose where to send their calls.
///
/// It says whether the server wants calls, not whether its files are in order: a bad file on disk stands on every
/// replica at once, none of them decides differently because of it, and a proxy that turned away from all of them would
/// have no limits at all. Such a file is what `/readyz` reports.
extension GatewayResponder {
    /// `Check`: how a service is now.
    func checkHealth(_ call: borrowing GRPCCall, _ message: inout ByteWriter) -> GRPCAnswer {
        guard let service = GatewayResponder.service(of: call) else {
            return .failed(.invalidArgument, "The message is no HealthCheckRequest.")
        }
        guard GRPCMethod.services.contains(service) else { return .failed(.notFound, "There is no such service.") }
        message.field(1, UInt64(health.rawValue))  // HealthCheckResponse.status
        return .written
    }

    /// `Watch`: how a service is, now and whenever that changes.
    func watchHealth(_ call: borrowing GRPCCall) -> GRPCAnswer {
        guard let service = GatewayResponder.service(of: call) else {
            return .failed(.invalidArgument, "The message is no HealthCheckRequest.")
        }
        return .watching(GRPCMethod.services.contains(service) ? health : .serviceUnknown)
    }

    /// `HealthCheckRequest.service`, field 1; `nil` if the message is malformed.
    private static func service(of call: borrowing GRPCCall) -> String? {
        let bytes = call.message.readableBytesUInt8Span
        var reader = ProtobufReader(0..<bytes.count)
        var service = ""
        do throws(ProtobufReader.Malformed) {
            while let field = try reader.next(bytes) {
                if field.number == 1, case .bytes(let range) = field.content { service = bytes.string(range) }
            }
        } catch { return nil }
        return service
    }
}
