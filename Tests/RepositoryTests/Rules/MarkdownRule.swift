/// Documents lead to places that exist.
enum MarkdownRule {
    /// Directories of the tree: a code span that begins with one of them is the path of something.
    private static let areas = ["Sources/", "Tests/", "Benchmarks/", "Examples/", "docs/"]

    /// What one document names that is not there; `tree` answers for the other documents.
    static func violations(in file: MarkdownFile, tree: Checkout) -> [Violation] {
        let links = file.links.compactMap { link in
            message(for: link, in: file, tree: tree).map { Violation(file.path, link.line, "\(link.target): \($0)") }
        }
        let paths = file.codeSpans.filter { span in
            areas.contains { span.text.hasPrefix($0) } && !span.text.contains { " *…{<".contains($0) }
                && !tree.contains(span.text)
        }
        return links + paths.map { Violation(file.path, $0.line, "\($0.text): there is no such file") }
    }

    private static func message(for link: MarkdownFile.Link, in file: MarkdownFile, tree: Checkout) -> String? {
        let parts = link.target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        var document = file
        if !parts[0].isEmpty {
            guard let target = resolved(parts[0], from: file.path), tree.contains(target) else {
                return "there is no such file"
            }
            guard parts.count == 2, target.hasSuffix(".md"), let text = tree.text(of: target) else { return nil }
            document = MarkdownFile(path: target, text: text)
        }
        return document.anchors.contains(parts[1]) ? nil : "there is no such section"
    }

    /// A path from the root for a path from a document; `nil` if it leads out of the tree.
    static func resolved(_ target: String, from document: String) -> String? {
        var parts = target.hasPrefix("/") ? [] : document.split(separator: "/").dropLast()
        for part in target.split(separator: "/") {
            switch part {
            case ".": continue
            case "..":
                guard !parts.isEmpty else { return nil }
                parts.removeLast()
            default: parts.append(part)
            }
        }
        return parts.joined(separator: "/")
    }
}
