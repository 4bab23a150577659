internal import Foundation

/// Where public keys may be fetched from.
package enum KeyAddress {
    /// Whether nobody can read along or change what comes: https, or to loopback; without user, query and fragment.
    package static func isSafe(_ text: String) -> Bool {
        guard let url = URLComponents(string: text), let host = url.host, !host.isEmpty, url.user == nil,
            url.query == nil, url.fragment == nil
        else { return false }
        let isLoopback = host == "localhost" || host == "127.0.0.1" || host == "[::1]" || host == "::1"
        return url.scheme == "https" || url.scheme == "http" && isLoopback
    }
}
