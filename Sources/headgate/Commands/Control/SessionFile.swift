internal import Directory
internal import Foundation

/// Who is signed in where, from one command to the next: a file that its owner alone can read.
struct SessionFile {
    /// Where it is.
    let path: String

    /// What stands in it.
    struct Contents: Codable {
        /// The server of the last sign-in.
        var last: String?
        /// The sessions, by the address of the server.
        var sessions: [String: Entry] = [:]
        /// What says that an operator has signed in from here before, by the address of the server and the name.
        var devices: [String: [String: String]]?
    }

    /// A session.
    struct Entry: Codable {
        /// Who has signed in.
        let `operator`: String
        /// What the server knows them by.
        let token: String
    }

    /// Why the file cannot be used, in a sentence.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// The file in the folder of settings that the environment names (XDG Base Directory Specification).
    static func usual(in environment: [String: String]) -> SessionFile {
        let settings = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        let folder = settings ?? environment["HOME", default: NSHomeDirectory()] + "/.config"
        return SessionFile(path: folder + "/headgate/sessions.json")
    }

    /// What stands in the file; nothing, if there is none.
    ///
    /// - Throws: `Problem`, also if others can read the file: whoever has a token is its operator.
    func read() throws(Problem) -> Contents {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return Contents() }
        guard let mode = attributes[.posixPermissions] as? Int, mode & 0o077 == 0 else {
            throw Problem(description: "\(path) is open to others; chmod 600 it, or remove it and sign in again")
        }
        guard let data = FileManager.default.contents(atPath: path),
            let contents = try? JSONDecoder().decode(Contents.self, from: data)
        else { throw Problem(description: "\(path) holds no sessions; remove it and sign in again") }
        return contents
    }

    /// Puts something else into the file.
    ///
    /// - Throws: `Problem`.
    func write(_ contents: Contents) throws(Problem) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            let folder = (path as NSString).deletingLastPathComponent
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try FileStore.replacePrivately(path, with: [UInt8](try encoder.encode(contents)))
        } catch {
            throw Problem(description: "\(path) cannot be written: \(error)")
        }
    }
}
