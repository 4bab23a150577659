extension HTTPHeadParser {
    /// Reads one field line into the table.
    mutating func parseField(_ bytes: Span<UInt8>, _ line: Range<Int>) throws(HTTPViolation) {
        let (name, value) = try HTTPHeadParser.splitField(bytes, line)
        guard head.fields.count < limits.headerCountMax else { throw .tooManyFields(max: limits.headerCountMax) }
        let known = HTTPFieldName.recognise(bytes, name)
        if let known, !known.mayRepeat, head[known] != nil { throw .repeatedField(known) }
        head.append(HTTPField(name: ByteRange(name), value: ByteRange(value), known: known))
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
        for index in colon + 1..<line.upperBound where !ASCII.isFieldContent(bytes[index]) {
            throw bytes[index] == ASCII.carriageReturn ? .bareCarriageReturn : .invalidFieldValue
        }
        return (line.lowerBound..<colon, bytes.trimmingBlanks(colon + 1..<line.upperBound))
    }

    private static func fieldNameViolation(_ byte: UInt8, atStart: Bool) -> HTTPViolation {
        switch byte {
        case ASCII.space, ASCII.tab: atStart ? .foldedField : .blankBeforeColon
        case ASCII.carriageReturn: .bareCarriageReturn
        default: .invalidFieldName
        }
    }
}
