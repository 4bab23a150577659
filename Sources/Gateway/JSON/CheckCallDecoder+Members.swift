extension CheckCallDecoder {
    /// Reads one call.
    mutating func readCall() throws(JSONError) -> CheckCall {
        var call = CheckCall()
        try scanner.beginObject()
        let start = scanner.offset - 1
        while let name = try scanner.nextMember() {
            guard let member = scanner.withBytes(name, CheckCall.Member.init), isOfAdmission || !member.isOfAdmission
            else { throw unknownMember(name) }
            if try scanner.readNull() { continue }
            switch member {
            case .credential: call.credential = try readText(member)
            case .tenant: call.tenant = try readText(member)
            case .principal: call.principal = try readText(member)
            case .method: call.method = try readText(member)
            case .path: call.path = try readText(member)
            case .operation: call.operation = try readText(member)
            case .trafficClass: call.trafficClass = try readText(member)
            case .region: call.region = try readText(member)
            case .idempotencyKey: call.idempotencyKey = try readText(member)
            case .cost: call.cost = try scanner.readInteger(atLeast: 1)
            case .bytes: call.bytes = try scanner.readInteger(atLeast: 0)
            case .attributes: call.attributes = try readAttributes()
            case .maxWait: call.maxWaitMilliseconds = try readInteger(in: limits.maxWaitRange)
            case .lease: call.leaseMilliseconds = try readInteger(in: limits.leaseRange)
            case .address: call.address = try readText(member)
            }
        }
        if let problem = CheckCallDecoder.problem(with: call) { throw scanner.invalid(problem, at: start) }
        return call
    }

    /// What is wrong with the members together; `nil` if they make sense.
    private static func problem(with call: CheckCall) -> String? {
        if call.method != nil, call.path == nil { return "has a `method`, which needs a `path`" }
        if call.path != nil, call.method == nil { return "has a `path`, which needs a `method`" }
        if call.path == nil, call.operation == nil { return "must name an `operation`, or a `method` and a `path`" }
        if call.tenant != nil, call.credential != nil { return "names a `tenant` and a `credential`; send one of them" }
        if call.principal != nil, call.tenant == nil { return "has a `principal`, which needs a `tenant`" }
        return nil
    }

    private func unknownMember(_ name: ByteRange) -> JSONError {
        let candidates = CheckCall.Member.allCases.filter { isOfAdmission || !$0.isOfAdmission }
            .map(\.name.description)
        guard let similar = similarWord(to: scanner.quoted(name), among: candidates) else {
            return scanner.invalid("is an unknown member; a call has \(candidates.joined(separator: ", "))")
        }
        return scanner.invalid("is an unknown member; did you mean `\(similar)`?")
    }

    /// Reads a whole number within bounds.
    mutating func readInteger(in range: ClosedRange<Int64>) throws(JSONError) -> Int64 {
        _ = try scanner.peek()
        let start = scanner.offset
        let number = try scanner.readInteger(atLeast: range.lowerBound)
        guard number <= range.upperBound else {
            throw scanner.invalid("must be at most \(range.upperBound), found \(number)", at: start)
        }
        return number
    }

    /// Reads the text of a member, which is not empty.
    mutating func readText(_ member: CheckCall.Member) throws(JSONError) -> ByteRange {
        let text = try readText(bytesMax: limits.bytesMax(of: member))
        guard !text.isEmpty else { throw scanner.invalid("must not be empty", at: Int(text.start) - 1) }
        return text
    }

    private mutating func readText(bytesMax: Int) throws(JSONError) -> ByteRange {
        let start = scanner.offset
        let text = try scanner.readString()
        try checkLength(of: text, max: bytesMax, at: start)
        return text
    }

    private func checkLength(of text: ByteRange, max: Int, at start: Int) throws(JSONError) {
        guard text.count <= max else {
            throw scanner.invalid("must have at most \(max) bytes, found \(text.count)", at: start)
        }
    }

    /// Reads attributes: strings, numbers and booleans, all as text.
    private mutating func readAttributes() throws(JSONError) -> Range<Int> {
        let first = attributes.count
        try scanner.beginObject()
        while let name = try scanner.nextMember() {
            guard attributes.count - first < limits.attributesMax else {
                throw scanner.invalid("is one attribute too many; a call may have \(limits.attributesMax)")
            }
            guard name.count <= limits.nameBytesMax else {
                throw scanner.invalid("has a name of more than \(limits.nameBytesMax) bytes")
            }
            append(CheckCall.Attribute(name: name, value: try readAttributeValue()))
        }
        return first..<attributes.count
    }

    private mutating func readAttributeValue() throws(JSONError) -> ByteRange {
        let kind = try scanner.peek()
        let start = scanner.offset
        switch kind {
        case .string: return try readText(bytesMax: limits.attributeBytesMax)
        case .number:
            let number = try scanner.readNumber().range
            try checkLength(of: number, max: limits.attributeBytesMax, at: start)
            return number
        case .boolean:
            _ = try scanner.readBoolean()
            return ByteRange(start..<scanner.offset)
        case .object, .array, .null:
            throw scanner.invalid("must be a string, a number or a boolean, found \(kind.noun)")
        }
    }
}
