internal import Gateway
internal import Logging
internal import Vocabulary

/// Certificates and tokens: what is wrong on disk changes nothing, and the log and `/readyz` tell of it.
extension Reloader {
    /// Loads certificates and key once.
    func reloadTLS() {
        guard settings.security.certificate != nil else { return }
        take("tls", named: "certificate") { () throws(Configuration.Problem) in
            var clock = Clock()
            for warning in try parts.security.reloadTLS(at: clock.now().wall) { log.warning("\(warning)") }
        }
    }

    /// Loads the tokens once.
    func reloadTokens() {
        guard settings.security.tokens != nil else { return }
        take("tokens", named: "list of gateway tokens") { () throws(Configuration.Problem) in
            try parts.security.reloadTokens()
        }
    }

    private func take(_ part: String, named name: String, _ load: () throws(Configuration.Problem) -> Void) {
        do {
            try load()
            parts.services.setProblem(nil, with: part)
            log.notice("the \(name) is applied")
        } catch {
            parts.services.setProblem(error.text, with: part)
            log.error("the \(name) on disk cannot be used; nothing has changed\n\(error.text)")
        }
    }
}
