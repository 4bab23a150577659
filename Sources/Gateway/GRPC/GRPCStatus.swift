/// How a gRPC call ends (gRPC's doc/statuscodes.md): the codes that this server sends.
package enum GRPCStatus: UInt8, Sendable {
    case ok = 0
    case invalidArgument = 3
    case deadlineExceeded = 4
    case notFound = 5
    case permissionDenied = 7
    case resourceExhausted = 8
    case unimplemented = 12
    case internalError = 13
    case unavailable = 14
}

/// What the health service says of the server or of one of its services (grpc.health.v1, `ServingStatus`).
package enum GRPCHealth: UInt8, Sendable {
    case serving = 1
    case notServing = 2
    case serviceUnknown = 3
}
