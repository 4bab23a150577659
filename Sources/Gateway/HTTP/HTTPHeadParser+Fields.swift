extension HTTPHeadParser {
    /// Reads one field line into the table; a plain one is known to have no control characters.
    mutating func parseField(_ bytes: Span<UInt8>, _ line: Range<Int>, isPlain: Bool) throws(HTTPViolation) {
        let colon = bytes.firstIndex(in: line) { word in word.equal(to: ASCII.colon) }
        // A name that is known needs no further look at its characters.
        if colon < line.upperBound, let known = HTTPFieldName.recognise(bytes, line.lowerBound..<colon) {
            let value = colon + 1..<line.upperBound
            if !isPlain { try HTTPHeadParser.checkFieldContent(bytes, value) }
            guard head.fields.count < limits.headerCountMax else { throw .tooManyFields(max: limits.headerCountMax) }
            if !known.mayRepeat, head[known] != nil { throw .repeatedField(known) }
            let name = ByteRange(line.lowerBound..<colon)
            head.append(HTTPField(name: name, value: ByteRange(bytes.trimmingBlanks(value)), known: known))
        } else {
            let (name, value) = try HTTPHeadParser.splitField(bytes, line)
            guard head.fields.count < limits.headerCountMax else { throw .tooManyFields(max: limits.headerCountMax) }
            head.append(HTTPField(name: ByteRange(name), value: ByteRange(value), known: nil))
        }
    }

    /// Splits and judges a field line (RFC 9112 §5), given without its end; trailer fields have the same syntax.
    static func splitField(
        _ bytes: Span<UInt8>, _ line: Range<Int>
    ) throws(HTTPViolation) -> (name: Range<Int>, value: Range<Int>) {
        var colon = line.lowerBound
        while colon < line.upperBound, ASCII.isToken(bytes[colon]) { colon += 1 }
        guard colon < line.upperBound else { throw .missingColon }
        guard bytes[colon] == ASCII.colon, colon > line.lowerBound else {
            throw fieldNameViolation(bytes[colon], atStart: colon == line.lowerBound)
        }
        try checkFieldContent(bytes, colon + 1..<line.upperBound)
        return (line.lowerBound..<colon, bytes.trimmingBlanks(colon + 1..<line.upperBound))
    }

    /// Demands bytes that a field value, or a chunk extension, may hold.
    static func checkFieldContent(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(HTTPViolation) {
        var start = range.lowerBound
        while true {
            let index = bytes.controlCharacter(in: start..<range.upperBound)
            guard index < range.upperBound else { return }
            guard bytes[index] == ASCII.tab else {
                throw bytes[index] == ASCII.carriageReturn ? .bareCarriageReturn : .invalidFieldValue
            }
            start = index + 1
        }
    }

    private static func fieldNameViolation(_ byte: UInt8, atStart: Bool) -> HTTPViolation {
        switch byte {
        case ASCII.space, ASCII.tab: atStart ? .foldedField : .blankBeforeColon
        case ASCII.carriageReturn: .bareCarriageReturn
        default: .invalidFieldName
        }
    }
}
