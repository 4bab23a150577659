/// The names of one kind of thing, with their indices.
struct NameTable {
    /// What the names name: "class".
    let noun: String
    /// The names, by index.
    let names: [String]
    private let indices: [String: Int]

    /// Numbers names; of equal ones the first counts.
    init(_ noun: String, _ names: [String]) {
        self.noun = noun
        self.names = names
        indices = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
    }

    /// The index of a name.
    subscript(name: String) -> Int? { indices[name] }
}

extension Compilation {
    /// The index of a name; reports it if nothing has it.
    mutating func resolve(_ name: Located<String>, in table: NameTable) -> Int? {
        if let index = table[name.value] { return index }
        // An empty table of what every policy must have is a mistake of its own, and reported.
        if !table.names.isEmpty || table.noun == operationNames.noun {
            log.unknownName(name, noun: table.noun, known: table.names)
        }
        return nil
    }

    /// The index of a tier that a class, an operation or a rule names; reports it if there is none.
    mutating func resolveTier(_ name: Located<String>) -> Int? {
        guard name.value == Compilation.quarantine else { return resolve(name, in: tierNames) }
        log.error(
            .reservedName, "the tier `quarantine` is for what the policy does not know; nothing can be put into it",
            at: name.span, suggestion: "choose another tier, or add one")
        return nil
    }
}
