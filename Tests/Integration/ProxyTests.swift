import Testing

/// All that drives real proxies, one world at a time: the machine has few cores, and the proxies' patience with
/// Headgate is a quarter of a second.
@Suite(.serialized) enum ProxyTests {}
