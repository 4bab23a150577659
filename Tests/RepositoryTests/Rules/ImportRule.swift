/// A room imports only what its row in `Room.all` names, and says with every import how far it reaches.
enum ImportRule {
    private static let accessLevels: Set = ["package", "internal", "fileprivate", "private"]

    /// What one file of `Sources` imports and may not.
    static func violations(in file: SwiftFile) -> [Violation] {
        guard file.area == "Sources" else { return [] }
        guard let room = Room.named(file.target) else {
            return [Violation(file.path, 1, "\(file.target) is no room: add it to Room.all, with what it may import")]
        }
        return file.declarations.filter { $0.keyword == "import" }.flatMap { declaration in
            var messages: [String] = []
            if !room.rooms.contains(declaration.name), !room.modules.contains(declaration.name) {
                messages.append("\(room.name) may not import \(declaration.name)")
            }
            let levels = room.isPublic ? accessLevels.union(["public"]) : accessLevels
            if levels.isDisjoint(with: declaration.modifiers) {
                messages.append("write internal import, or package import where package declarations use its types")
            }
            return messages.map { Violation(file.path, declaration.keywordLine, $0) }
        }
    }
}
