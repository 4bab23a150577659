/// Decodes the heads of one connection (RFC 7541).
struct HPACKDecoder: ~Copyable {
    private var table = HPACKTable()

    /// The memory that the client makes it hold.
    var heldBytes: Int { table.heldBytes }

    /// Decodes a whole block.
    ///
    /// Also when the fields become too large: the table must stay the same as the client's.
    ///
    /// - Parameters:
    ///   - block: what stands in HEADERS and the CONTINUATION frames behind it.
    ///   - fields: has been begun; gets the fields.
    /// - Throws: `compression`, which ends the connection (RFC 9113 §4.3).
    /// - Complexity: O(bytes of the fields).
    mutating func decode(_ block: Span<UInt8>, into fields: inout HTTP2Fields) throws(HTTP2ErrorCode) {
        var position = 0
        var mayResize = true
        while position < block.count {
            let first = block[position]
            if first & 0x80 != 0 {  // §6.1: an indexed field
                let index = try HPACKDecoder.number(block, &position, bits: 7)
                let start = fields.bytes.count
                let entry = try append(index, withValue: true, to: &fields)
                fields.end(
                    from: start, start + Int(entry.name.count), entry.kind, hasValidValue: entry.hasValidValue)
            } else if first & 0xE0 == 0x20 {  // §6.3: another size of the table
                guard mayResize else { throw .compression }
                let size = try HPACKDecoder.number(block, &position, bits: 5)
                guard size <= HPACKTable.sizeLimit else { throw .compression }
                table.resize(to: size)
                continue
            } else {  // §6.2: a literal, to be remembered or not
                try literal(block, &position, isRemembered: first & 0x40 != 0, into: &fields)
            }
            mayResize = false
        }
    }

    private mutating func literal(
        _ block: Span<UInt8>, _ position: inout Int, isRemembered: Bool, into fields: inout HTTP2Fields
    ) throws(HTTP2ErrorCode) {
        let index = try HPACKDecoder.number(block, &position, bits: isRemembered ? 6 : 4)
        let start = fields.bytes.count
        let kind: HTTP2Field.Kind
        if index > 0 {
            kind = try append(index, withValue: false, to: &fields).kind
        } else {
            try HPACKDecoder.text(block, &position, into: &fields.bytes)
            kind = fields.bytes.withBytes { HTTP2Field.Kind($0.extracting(start..<$0.count)) }
        }
        let middle = fields.bytes.count
        try HPACKDecoder.text(block, &position, into: &fields.bytes)
        let hasValidValue = fields.bytes.withBytes { bytes in
            let isValid = bytes.extracting(middle..<bytes.count).isFieldValue
            if isRemembered {
                let field = bytes.extracting(start..<bytes.count)
                table.insert(field, nameLength: middle - start, kind, hasValidValue: isValid)
            }
            return isValid
        }
        fields.end(from: start, middle, kind, hasValidValue: hasValidValue)
    }

    /// Appends the bytes of an entry of one of the two tables.
    private func append(
        _ index: Int, withValue: Bool, to fields: inout HTTP2Fields
    ) throws(HTTP2ErrorCode) -> HTTP2Field {
        let statics = HPACKStaticTable.standard
        if index > 0, index <= statics.entries.count {
            let entry = statics.entries[index - 1]
            fields.bytes.write(statics.bytes.span.extracting(entry.range(withValue: withValue)))
            return entry
        }
        guard index > 0, index - statics.entries.count - 1 < table.count else { throw .compression }
        let entry = table[index - statics.entries.count - 1]
        table.write(entry, withValue: withValue, to: &fields.bytes)
        return entry
    }

    /// Reads a number whose first bits share a byte with something else (RFC 7541 §5.1).
    ///
    /// - Throws: `compression` for one that is cut off, or larger than any length or index can be here.
    private static func number(
        _ block: Span<UInt8>, _ position: inout Int, bits: UInt8
    ) throws(HTTP2ErrorCode) -> Int {
        let mask = UInt8(1) << bits - 1
        var number = Int(block[position] & mask)
        position += 1
        guard number == Int(mask) else { return number }
        var shift = 0
        while shift <= 21 {
            guard position < block.count else { throw .compression }
            let byte = block[position]
            position += 1
            number += Int(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return number }
            shift += 7
        }
        throw .compression
    }

    /// Reads a text (RFC 7541 §5.2).
    private static func text(
        _ block: Span<UInt8>, _ position: inout Int, into text: inout ByteWriter
    ) throws(HTTP2ErrorCode) {
        guard position < block.count else { throw .compression }
        let isCoded = block[position] & 0x80 != 0
        let length = try number(block, &position, bits: 7)
        guard length <= block.count - position else { throw .compression }
        let bytes = block.extracting(position..<position + length)
        position += length
        if isCoded { try HuffmanCode.standard.decode(bytes, into: &text) } else { text.write(bytes) }
    }
}
