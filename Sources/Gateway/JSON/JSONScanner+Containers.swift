extension JSONScanner {
    /// Enters an object.
    package mutating func beginObject() throws(JSONError) {
        try expect(.object)
        try open(isObject: true)
    }

    /// Goes to the next member of the innermost object.
    ///
    /// - Returns: its name, after which its value has to be read; `nil` when the object has ended.
    /// - Complexity: O(members before it).
    package mutating func nextMember() throws(JSONError) -> ByteRange? {
        guard try advance(to: "}") else { return nil }
        skipBlanks()
        guard offset < bytes.count, bytes[offset] == ASCII.quote else { throw syntax("expected the name of a member") }
        let start = offset
        let name = try readString()
        names.append(name)
        frames[frames.count - 1].isInside = true
        try checkNewest(at: start)
        skipBlanks()
        guard offset < bytes.count, bytes[offset] == ASCII.colon else { throw syntax("expected a colon") }
        offset += 1
        return name
    }

    /// Enters an array.
    package mutating func beginArray() throws(JSONError) {
        try expect(.array)
        try open(isObject: false)
    }

    /// Goes to the next element of the innermost array; says whether there is one, which then has to be read.
    package mutating func nextElement() throws(JSONError) -> Bool {
        guard try advance(to: "]") else { return false }
        frames[frames.count - 1].isInside = true
        return true
    }

    /// Passes over a value, and checks it like any other.
    package mutating func skipValue() throws(JSONError) {
        switch try peek() {
        case .object:
            try beginObject()
            while try nextMember() != nil { try skipValue() }
        case .array:
            try beginArray()
            while try nextElement() { try skipValue() }
        case .string: _ = try readString()
        case .number: _ = try readNumber()
        case .boolean: _ = try readBoolean()
        case .null: _ = try readNull()
        }
    }

    private mutating func open(isObject: Bool) throws(JSONError) {
        guard frames.count < limits.depthMax else { throw invalid("lies deeper than \(limits.depthMax) levels") }
        offset += 1
        frames.append(Frame(isObject: isObject, firstName: names.count))
    }

    /// Passes over the comma before the next member or element, or leaves the container; says whether there is a next.
    private mutating func advance(to bracket: Unicode.Scalar) throws(JSONError) -> Bool {
        let top = frames.count - 1
        precondition(top >= 0 && frames[top].isObject == (bracket == "}"), "begin the container first (\(bracket))")
        frames[top].isInside = false
        skipBlanks()
        guard offset < bytes.count else { throw syntax("the text ends before its `\(bracket)`") }
        if bytes[offset] == UInt8(ascii: bracket) {
            offset += 1
            names.removeLast(names.count - frames[top].firstName)
            frames.removeLast()
            return false
        }
        if frames[top].count > 0 {
            guard bytes[offset] == ASCII.comma else { throw syntax("expected `,` or `\(bracket)`") }
            offset += 1
        }
        frames[top].count += 1
        return true
    }

    /// Refuses a member whose name the object has already, or that is one too many.
    private func checkNewest(at start: Int) throws(JSONError) {
        guard let frame = frames.last, let newest = names.last else { return }
        let text = bytes.span
        for index in frame.firstName..<names.count - 1 where names[index].count == newest.count {
            if text.equals(names[index].range, newest.range) { throw invalid("stands there twice", at: start) }
        }
        guard frame.count <= limits.membersMax else {
            throw invalid("is one member too many; an object may have \(limits.membersMax)", at: start)
        }
    }
}
