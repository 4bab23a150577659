/// The patterns of the language's texts, as ECMA-262 regular expressions; `UnitText` reads the same texts.
enum SchemaPattern {
    /// A name.
    static let name = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"
    /// A name of a tier; `quarantine` is built in.
    static let tierName = "^(?!quarantine$)" + name.dropFirst()
    /// A key of a descriptor, or the name of a domain of them: no controls.
    static let descriptorKey = "^[^\\u0000-\\u001F\\u007F-\\u009F]{1,\(PolicyDocument.Limit.descriptorKeyBytes)}$"
    /// A text that is not blank.
    static let words = "\\S"
    /// A text that is not blank and stands in one line.
    static let line = "^(?=[\\s\\S]*\\S)\\s*[^\\u0000-\\u001F\\u007F-\\u009F]+\\s*$"
    /// A rate: `300/s`, `7/3s`.
    static let rate = "^\(positive)/(?:\(positive))?(?:ms|s|min|h|d|day)$"
    /// A length of time: `30s`.
    static let duration = "^\(positive)(?:ms|s|m|min|h|d|day)$"
    /// A percentage: `40%`, `12.5%`.
    static let percentage = "^0*(?:100(?:\\.0{1,2})?|[0-9]{1,2}(?:\\.[0-9]{1,2})?)%$"
    /// A percentage above nothing.
    static let positivePercentage = "^(?=.*[1-9])" + percentage.dropFirst()
    /// A whole number in a text.
    static let wholeNumber = "^\(digits)$"
    /// A factor that may have decimals: `2.5`.
    static let factor = "^[0-9][0-9_]*(?:\\.[0-9]{1,3})?$"
    /// A quota of requests or cost units: `5000000/month`.
    static let quota = "^\(positive)/(?:day|week|month|year)$"
    /// A quota of bytes: `10GB/day`.
    static let byteQuota = "^\(positive)(?:B|kB|KB|MB|GB|TB|KiB|MiB|GiB|TiB)?/(?:day|week|month|year)$"
    /// A number of bytes with its unit: `1MiB`.
    static let bytes = "^\(digits)(?:B|kB|KB|MB|GB|TB|KiB|MiB|GiB|TiB)$"
    /// A percentile: `p95`, `p99.9`.
    static let percentile = "^p(?!0+(?:\\.0)?$)[0-9]{1,2}(?:\\.[0-9])?$"
    /// A time of day at which something begins: `22:00`.
    static let timeOfDay = "^(?:[01][0-9]|2[0-3]):[0-5][0-9]$"
    /// A time of day at which something ends, midnight included.
    static let endTimeOfDay = "^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
    /// A method and a path: `POST /v1/envelopes/{id}/signatures`.
    static let call = "^[ \\t]*(?:[A-Z]+(?:-[A-Z]+)*|\\*)[ \\t]+/\\S*[ \\t]*$"
    /// A path.
    static let path = "^/"

    /// Digits that may be grouped with `_`.
    private static let digits = "[0-9](?:[0-9_]*[0-9])?"
    /// The same, and not all of them 0.
    private static let positive = "(?=[0_]*[1-9])\(digits)"
}
