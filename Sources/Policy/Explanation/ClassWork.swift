/// Names the work that is in a tier because its class is, where the operation leaves that to the class.
struct ClassWork {
    private let classes: [TrafficClass]

    /// Names the work of some classes.
    init(_ classes: [TrafficClass]) { self.classes = classes }

    /// The work as one member of a list; none if there is no class.
    var words: [String] {
        guard !classes.isEmpty else { return [] }
        let names = classes.map { $0.governed ? "\($0.name) (for callers that are granted it)" : $0.name }
        return ["work of \(Wording.classes(names)) where the operation names no tier"]
    }
}
