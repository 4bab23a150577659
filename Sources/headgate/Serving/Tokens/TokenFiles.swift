internal import Directory
internal import Foundation
internal import Policy
internal import Tokens
internal import Vocabulary

/// The files that tokens depend on: the settings, and what the data folder keeps of keys and of what was withdrawn.
struct TokenFiles: Sendable {
    /// The settings.
    let settingsPath: String
    /// The data folder.
    let folder: String

    /// The part under which `/readyz` tells of mistakes in the settings.
    static let part = "token-settings"
    /// Longer than any state: 65,536 tokens of 150 bytes.
    private static let stateBytesMax = 64 << 20

    private var statePath: String { folder + "/token-state.json" }
    /// The signing keys.
    var ring: KeyRingFile { KeyRingFile(folder: folder) }

    /// The files whose change is taken up: the settings, and keys that outside issuers have in files.
    func watchedPaths(_ settings: TokenSettings) -> [String] {
        [settingsPath]
            + settings.outside.compactMap { issuer in
                if case .file(let name) = issuer.keys { path(ofKeys: name) } else { nil }
            }
    }

    /// Reads the settings, with warnings rendered for a log.
    func settings() throws(Configuration.Problem) -> TokenSettings {
        let file: FileReading
        do { file = try FileReading(settingsPath, byteCountMax: TokenSettingsReader.byteCountMax) } catch {
            throw Configuration.Problem(part: TokenFiles.part, text: "error: \(error)\n")
        }
        let source = SourceFile(name: settingsPath, bytes: file.bytes)
        let (settings, diagnostics) = TokenSettingsReader.read(source)
        guard let settings else {
            throw Configuration.Problem(
                part: TokenFiles.part, text: DiagnosticRenderer(files: [source]).text(diagnostics))
        }
        return settings
    }

    /// The keys of an outside issuer that has them in a file; a name without a slash before it is one beside the
    /// settings.
    func keys(inFile name: String) throws(Configuration.Problem) -> [UInt8] {
        do { return try FileReading(path(ofKeys: name), byteCountMax: 1 << 16).bytes } catch {
            throw Configuration.Problem(part: TokenFiles.part, text: "error: \(error)\n")
        }
    }

    private func path(ofKeys name: String) -> String {
        if name.hasPrefix("/") { return name }
        return URL(fileURLWithPath: settingsPath).deletingLastPathComponent().path + "/" + name
    }

    /// What a process hands to the next one.
    struct State: Codable, Equatable {
        /// The versions of policies in the order of publication.
        var published: [String] = []
        /// What was withdrawn.
        var revocations = Revocations()
        /// The sets of keys that were fetched last, by issuer, for the time in which their place is down.
        var keySets: [String: String] = [:]
    }

    /// What the run before has left; a state that cannot be read is an error, because tokens that were withdrawn would
    /// come back.
    func state() throws(Configuration.Problem) -> State {
        let file: FileReading
        do { file = try FileReading(statePath, byteCountMax: TokenFiles.stateBytesMax) } catch {
            if error.isMissingFile { return State() }
            throw Configuration.Problem(part: TokenFiles.part, text: "error: \(error)\n")
        }
        do { return try JSONDecoder().decode(State.self, from: Data(file.bytes)) } catch {
            throw Configuration.Problem(
                part: TokenFiles.part,
                text: "error: \(statePath) cannot be read; restore it, or remove it and the signing keys beside it\n")
        }
    }

    /// Writes the state, all of it or nothing.
    ///
    /// - Returns: why that could not be done.
    func write(_ state: State) -> String? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            try FileStore.replacePrivately(statePath, with: Array(try encoder.encode(state)))
            return nil
        } catch {
            return "\(error)"
        }
    }
}
