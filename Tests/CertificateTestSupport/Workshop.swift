internal import Foundation

/// Makes keys and certificates in a folder with the `openssl` command: none is ever checked in.
package struct Workshop: Sendable {
    /// Where they lie.
    package let folder: String

    /// Works in a folder that exists.
    package init(folder: String) { self.folder = folder }

    /// The path of a file in the folder.
    package func file(_ name: String) -> String { folder + "/" + name }

    /// Makes an authority, whose key may be used for some things.
    package func authority(
        _ name: String = "authority", usage: String = "keyCertSign,digitalSignature"
    ) throws -> Certificate {
        let made = Certificate(certificate: file("\(name).pem"), key: file("\(name).key"))
        try openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-keyout",
            made.key, "-out", made.certificate, "-subj", "/CN=\(name)", "-addext", "keyUsage=critical,\(usage)")
        return made
    }

    /// Makes a certificate that an authority signs.
    ///
    /// - Parameters:
    ///   - name: what its files are called, and its subject.
    ///   - issuer: the authority.
    ///   - names: subject alternative names as openssl writes them: `DNS:localhost`, `URI:spiffe://…`.
    ///   - usage: `serverAuth` or `clientAuth`.
    ///   - days: how long it is valid; -1 for one that has expired.
    /// - Returns: the paths of its files.
    /// - Throws: what `openssl` said, when it failed.
    package func certificate(
        _ name: String, by issuer: Certificate, names: String = "DNS:localhost,IP:127.0.0.1",
        usage: String = "serverAuth", days: Int = 30
    ) throws -> Certificate {
        let made = Certificate(certificate: file("\(name).pem"), key: file("\(name).key"))
        let (request, extensions) = (file("\(name).csr"), file("\(name).ext"))
        try openssl(
            "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", made.key,
            "-out", request, "-subj", "/CN=\(name)")
        let text = "basicConstraints=critical,CA:FALSE\nextendedKeyUsage=\(usage)\nsubjectAltName=\(names)\n"
        try text.write(toFile: extensions, atomically: true, encoding: .utf8)
        try openssl(
            "x509", "-req", "-in", request, "-CA", issuer.certificate, "-CAkey", issuer.key, "-CAcreateserial",
            "-days", "\(days)", "-extfile", extensions, "-out", made.certificate)
        return made
    }

    /// Runs `openssl` to its end.
    ///
    /// - Throws: what it said, when it failed.
    package func openssl(_ arguments: String...) throws {
        let process = Process()
        let errors = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        try process.run()
        let said = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(arguments: arguments, said: String(decoding: said, as: UTF8.self))
        }
    }

    /// A certificate and its key, as files in PEM.
    package struct Certificate: Sendable {
        /// The certificate's path.
        package let certificate: String
        /// The key's path.
        package let key: String

        /// Names two files.
        package init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// `openssl` did not do what it was told.
    package struct Failure: Error, CustomStringConvertible {
        /// What it was told.
        let arguments: [String]
        /// What it said.
        let said: String

        package var description: String { "openssl \(arguments.joined(separator: " ")):\n\(said)" }
    }
}
