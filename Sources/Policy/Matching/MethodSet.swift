/// The requests that a pattern's method lets through: `nil` is any method, `GET` is `GET` and `HEAD`.
enum MethodSet {
    /// The methods that two patterns share; `nil` outside if they share none, inside if they share all.
    static func intersection(_ left: String?, _ right: String?) -> String?? {
        guard let left else { return .some(right) }
        guard let right else { return .some(left) }
        if left == right { return .some(left) }
        return Set([left, right]) == ["GET", "HEAD"] ? .some("HEAD") : .none
    }

    /// Whether a pattern with this method lets through all that another lets through.
    static func covers(_ method: String?, _ other: String?) -> Bool {
        guard let method else { return true }
        return method == other || (method == "GET" && other == "HEAD")
    }
}
