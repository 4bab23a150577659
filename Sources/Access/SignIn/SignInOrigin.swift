/// Where an attempt comes from, as far as the throttle tells attempts apart.
package enum SignInOrigin: Hashable, Sendable {
    /// From outside: an IPv4 address or an IPv6 /64, because nobody has only one address of those; and the device, if
    /// it says which it is.
    case outside(address: String, device: DeviceToken?)
    /// From within a session, by its id: what others do elsewhere does not reach in there.
    case session(id: String)
}
