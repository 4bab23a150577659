internal import Vocabulary

extension JSONWriter {
    /// Writes a member with a string; without one, with `null`.
    package mutating func member(_ name: StaticString, _ text: String?) {
        self.name(name)
        if let text { value(text) } else { null() }
    }

    /// Writes a member with a string that is known at compile time and needs no escapes.
    package mutating func member(_ name: StaticString, literal text: StaticString) {
        self.name(name)
        value(literal: text)
    }

    /// Writes a member with the name of a decision.
    mutating func member(_ name: StaticString, _ id: DecisionID) {
        self.name(name)
        value(id)
    }

    /// Writes a member with an integer; without one, with `null`.
    package mutating func member(_ name: StaticString, _ number: Int64?) {
        self.name(name)
        if let number { value(number) } else { null() }
    }

    /// Writes a member with a boolean.
    package mutating func member(_ name: StaticString, _ condition: Bool) {
        self.name(name)
        value(condition)
    }

    /// Writes a member with an object.
    package mutating func member(_ name: StaticString, object members: (inout JSONWriter) -> Void) {
        self.name(name)
        object(members)
    }

    /// Writes a member with an array.
    package mutating func member(_ name: StaticString, array elements: (inout JSONWriter) -> Void) {
        self.name(name)
        array(elements)
    }
}
