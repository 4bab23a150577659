/// The ports of one test.
struct Ports: Sendable {
    /// Headgate's data plane; 8080 in the examples.
    let headgate: Int
    /// The application; 9000 in the examples.
    let application: Int
    /// The proxy; 8000 (nginx), 10000 (Envoy) or 10100 (HAProxy) in the examples.
    let proxy: Int
    /// Envoy's admin page; 9901 in the example.
    let admin: Int

    /// Chooses four that are free.
    static func find() async throws -> Ports {
        let ports = try await FreePort.find(4)
        return Ports(headgate: ports[0], application: ports[1], proxy: ports[2], admin: ports[3])
    }

    /// What to write instead of the ports in `nginx.conf`.
    var replacementsForNginx: [(old: String, new: String)] {
        [
            ("127.0.0.1:8080", "127.0.0.1:\(headgate)"), ("127.0.0.1:9000", "127.0.0.1:\(application)"),
            ("127.0.0.1:8000", "127.0.0.1:\(proxy)"),
        ]
    }

    /// What to write instead of the ports in `haproxy.cfg`.
    var replacementsForHAProxy: [(old: String, new: String)] {
        [
            ("127.0.0.1:8080", "127.0.0.1:\(headgate)"), ("127.0.0.1:9000", "127.0.0.1:\(application)"),
            ("127.0.0.1:10100", "127.0.0.1:\(proxy)"),
        ]
    }

    /// What to write instead of the ports in `envoy.yaml`.
    var replacementsForEnvoy: [(old: String, new: String)] {
        [
            ("127.0.0.1:8080", "127.0.0.1:\(headgate)"), ("port_value: 8080 ", "port_value: \(headgate) "),
            ("port_value: 9000 ", "port_value: \(application) "), ("port_value: 10000 ", "port_value: \(proxy) "),
            ("port_value: 9901 ", "port_value: \(admin) "),
        ]
    }
}
