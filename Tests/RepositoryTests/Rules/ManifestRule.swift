/// The manifest and the tree say the same, and the manifest sends nobody to a host that is not everybody's.
enum ManifestRule {
    /// Where the manifest and the tree differ; `paths` are those of the whole tree.
    static func violations(in file: SwiftFile, paths: [String]) -> [Violation] {
        let manifest = Manifest(file)
        var found = manifest.addresses.filter { !$0.text.hasPrefix("https://github.com/") }.map {
            Violation(file.path, $0.line, "\($0.text): packages come from https://github.com/")
        }
        for target in manifest.targets where !paths.contains(where: { $0.hasPrefix(target.directory + "/") }) {
            found.append(Violation(file.path, target.line, "\(target.name): there is nothing in \(target.directory)"))
        }
        let directories = Set(
            paths.filter { $0.hasSuffix(".swift") && ["Sources/", "Tests/"].contains(where: $0.hasPrefix) }
                .map { $0.split(separator: "/").prefix(2).joined(separator: "/") })
        for directory in directories.sorted() where !manifest.targets.contains(where: { $0.directory == directory }) {
            found.append(Violation(file.path, 1, "no target builds \(directory)"))
        }
        return found
    }
}
