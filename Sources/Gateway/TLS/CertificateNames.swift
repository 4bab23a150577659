internal import NIOSSL

extension NIOSSLCertificate {
    /// Whether the certificate is made out to one of some names: a DNS name in any case, or a URI exactly.
    ///
    /// A wildcard in a certificate counts as it is written: it says which servers somebody may be, not who a client is.
    func names(anyOf names: [String]) -> Bool {
        for name in _subjectAlternativeNames() {
            let text = String(decoding: name.contents, as: UTF8.self)
            switch name.nameType {
            case .dnsName where names.contains(where: { $0.lowercased() == text.lowercased() }): return true
            case .uri where names.contains(text): return true
            default: continue
            }
        }
        return false
    }
}
