/// Who may say who others are.
extension GatewayResponder {
    /// Whether a gRPC call comes from a trusted caller: by its connection, or else by the token in its metadata.
    ///
    /// A token that is not known makes nobody trusted and fails no call: a proxy that lets requests through when its
    /// calls fail would let through everything.
    func trusts(_ call: borrowing GRPCCall, from peer: HTTPPeer) -> Bool {
        if peer.isTrusted { return true }
        guard let token = call.gatewayToken else { return false }
        return services.tokens.accept(token.utf8.span)
    }

    /// Whether a request comes from a trusted caller: by its connection, or else by the token it brings.
    ///
    /// A token that is not known is no stranger's mistake but a gateway's, which must hear of it.
    ///
    /// - Returns: `nil` after answering such a request.
    func trusts(
        _ request: borrowing HTTPRequestView, from peer: HTTPPeer, _ writer: inout HTTPResponseWriter
    ) -> Bool? {
        if peer.isTrusted { return true }
        guard let token = request.value(of: .headgateGatewayToken) else { return false }
        let tokens = services.tokens
        if request.withBytes(token, { tokens.accept($0) }) { return true }
        writer.problem(.forbidden, detail: "Headgate-Gateway-Token: this token is not known here.")
        return nil
    }
}
