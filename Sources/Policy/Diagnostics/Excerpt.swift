extension String {
    /// The text in backticks, shortened and without characters that could disturb a terminal: for messages.
    ///
    /// - Complexity: O(1) in the length of long texts.
    package var quoted: String { "`" + excerpt(count: 60) + "`" }

    /// The first scalars of the text, controls replaced, with an ellipsis if some are left out.
    func excerpt(count: Int) -> String {
        var result = String.UnicodeScalarView(unicodeScalars.prefix(count).map(\.printable))
        if unicodeScalars.dropFirst(count).first != nil { result.append("…") }
        return String(result)
    }
}

extension Unicode.Scalar {
    /// The scalar itself, or U+FFFD for controls and for marks that reorder text on a screen.
    var printable: Unicode.Scalar {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: "\u{FFFD}"
        default: self
        }
    }
}
