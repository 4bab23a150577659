extension String {
    /// The text with everything a terminal would obey rather than show replaced by its code, as `\u{1B}`.
    ///
    /// Paths, claims and ids are strangers' texts: without this, a request could move the cursor of whoever reads the
    /// journal, hide lines from them, or turn the order of letters around (Unicode Technical Report 36).
    ///
    /// - Complexity: O(n).
    package var forTerminal: String {
        guard unicodeScalars.contains(where: \.isObeyedByTerminals) else { return self }
        var shown = ""
        for scalar in unicodeScalars {
            if scalar.isObeyedByTerminals {
                shown += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}

extension Unicode.Scalar {
    /// Controls, line and paragraph separators, and invisible marks that turn or join text.
    var isObeyedByTerminals: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: true
        default: false
        }
    }
}
