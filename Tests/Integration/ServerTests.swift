import Testing

/// All that drives the server itself, one server at a time: the machine has few cores.
@Suite(.serialized) enum ServerTests {}
