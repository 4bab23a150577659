package import Directory

/// Gateway tokens as a file holds them: one a line, so that a new one can be accepted before the old one is taken away.
package struct GatewayTokenList: Sendable {
    private let tokens: [[UInt8]]

    /// The shortest token: 32 characters, which of `openssl rand -hex 16` are 128 bits.
    package static let lengthMin = 32
    /// The longest token: a header field's value must carry it.
    package static let lengthMax = 512
    /// The most tokens: all are compared with each that is shown.
    package static let countMax = 16

    /// Why a file holds no tokens; a line is named by its number, never by what stands there.
    package struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
        /// What is wrong, and what to do instead.
        package let description: String
    }

    /// Reads a file; empty lines and those that begin with `#` do not count.
    package init(_ file: FileReading) throws(Problem) {
        let path = file.path
        guard !file.isOpenToOthers else {
            throw Problem(description: "\(path) is open to others (mode \(file.mode)): chmod 600 \(path)")
        }
        var tokens: [[UInt8]] = []
        for (index, line) in file.bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
            let token = GatewayTokenList.trimmed(line)
            guard let first = token.first, first != UInt8(ascii: "#") else { continue }
            if let fault = GatewayTokenList.fault(of: token) {
                throw Problem(
                    description: "\(path):\(index + 1): a token \(fault); make one with: openssl rand -hex 32")
            }
            tokens.append(Array(token))
        }
        guard !tokens.isEmpty else {
            throw Problem(description: "\(path) holds no token; make one with: openssl rand -hex 32 > \(path)")
        }
        guard tokens.count <= GatewayTokenList.countMax else {
            throw Problem(description: "\(path) holds more than \(GatewayTokenList.countMax) tokens")
        }
        self.tokens = tokens
    }

    /// How many there are.
    package var count: Int { tokens.count }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == ASCII.space || byte == ASCII.tab || byte == ASCII.carriageReturn }
        let end = line.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? line.startIndex
        return line[..<end].drop(while: isBlank)
    }

    private static func fault(of token: ArraySlice<UInt8>) -> String? {
        if token.count < lengthMin { return "is shorter than \(lengthMin) characters" }
        if token.count > lengthMax { return "is longer than \(lengthMax) characters" }
        return token.allSatisfy { (0x21...0x7E).contains($0) } ? nil : "holds other than visible ASCII characters"
    }

    /// Whether some bytes are one of the tokens.
    ///
    /// How long it takes depends on how many bytes are shown and how many tokens there are, not on what they are.
    func contains(_ bytes: Span<UInt8>) -> Bool {
        var isFound = false
        for token in tokens {
            var difference = token.count ^ bytes.count
            for index in bytes.indices { difference |= Int(token[index % token.count] ^ bytes[index]) }
            isFound = (difference == 0) || isFound
        }
        return isFound
    }
}
