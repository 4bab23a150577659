/// What an upstream says of whose answer its own is (RFC 9209), and whether it is one that was given before: where it
/// speaks in our name it is not believed.
enum ProxyStatus {
    /// Whether a field says who on the way has made an answer.
    static func isName(_ bytes: Span<UInt8>, _ name: Range<Int>) -> Bool {
        bytes.equalsIgnoringCase(name, "proxy-status")
    }

    /// Whether a field says that an answer comes from our store.
    static func isReplayed(_ bytes: Span<UInt8>, _ name: Range<Int>) -> Bool {
        bytes.equalsIgnoringCase(name, "idempotent-replayed")
    }

    /// The members of a list that have other names than ours; `nil`: all have, and the field may stay as it is.
    ///
    /// None of a list that ends in the middle of a quoted string: together with the next line it would be another one.
    static func others(in bytes: Span<UInt8>, _ list: Range<Int>) -> [Range<Int>]? {
        var (members, start): ([Range<Int>], Int) = ([], list.lowerBound)
        var (isQuoted, isEscaped, hasOurs) = (false, false, false)
        for index in list.lowerBound...list.upperBound {
            if index == list.upperBound || bytes[index] == ASCII.comma && !isQuoted {
                let member = bytes.trimmingBlanks(start..<index)
                if isOurName(bytes, member) { hasOurs = true } else if !member.isEmpty { members.append(member) }
                start = index + 1
            } else if isEscaped {
                isEscaped = false
            } else if bytes[index] == UInt8(ascii: "\\") {
                isEscaped = isQuoted
            } else if bytes[index] == UInt8(ascii: "\"") {
                isQuoted.toggle()
            }
        }
        if isQuoted { return [] }
        return hasOurs ? members : nil
    }

    /// Writes members as the field, if there are any.
    static func write(_ members: [Range<Int>], of bytes: Span<UInt8>, into writer: inout ByteWriter) {
        for (index, member) in members.enumerated() {
            if index == 0 { writer.write(literal: "Proxy-Status: ") } else { writer.write(literal: ", ") }
            writer.write(bytes.extracting(member))
        }
        if !members.isEmpty { writer.write(pair: ASCII.carriageReturn, ASCII.lineFeed) }
    }

    /// Whether a member is `headgate`, as a token or a string, with whatever parameters (RFC 9651 §4.2.1).
    private static func isOurName(_ bytes: Span<UInt8>, _ member: Range<Int>) -> Bool {
        let end = bytes.firstIndex(in: member) { $0.equal(to: UInt8(ascii: ";")) }
        let name = bytes.trimmingBlanks(member.lowerBound..<end)
        return bytes.equalsIgnoringCase(name, "headgate") || bytes.equalsIgnoringCase(name, "\"headgate\"")
    }
}
