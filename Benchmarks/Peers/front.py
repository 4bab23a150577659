"""Envoy in front of an upstream, alone or with somebody to ask."""

from child import free_port
from contestant import OverHTTP, rendered
from ours import BareHTTP2, HeadgateGRPC, headgate
from peers import RateLimitService, envoy, ratelimit, redis


class EnvoyFront(OverHTTP):
    """Envoy with one worker before an upstream, nothing pinned: all cores are shared, as they are in a deployment."""

    tools = ("envoy",)
    limiter, protocol = "", ""

    def ask_whom(self):
        """Starts whom Envoy asks; returns the port."""
        return 1

    def start(self):
        upstream, asked, self.port = free_port(), self.ask_whom(), free_port()
        self.spawn("upstream", [self.setting.built("bare-server"), "http", str(upstream)], upstream)
        limiter = rendered(self.limiter, ask=asked).rstrip() if self.limiter else ""
        path = self.file(f"{self.name.replace(' ', '-').replace('/', '-')}.yaml", rendered(
            "envoy-front.yaml", port=self.port, upstream=upstream, ask=asked, limiter=limiter, protocol=self.protocol))
        self.spawn("envoy", envoy(path), self.port)


class EnvoyAuthorizing(EnvoyFront):
    limiter = "envoy-authorization.yaml"

    def ask_whom(self):
        port = free_port()
        self.spawn("headgate", headgate(self.setting, port, self.name), port)
        return port


class EnvoyLimiting(EnvoyFront):
    limiter = "envoy-ratelimit.yaml"
    protocol = """
      typed_extension_protocol_options:
        envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
          "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
          explicit_http_config: { http2_protocol_options: {} }"""

    kind = HeadgateGRPC

    def ask_whom(self):
        asked = self.kind(self.name, self.setting)
        asked.children = self.children  # so that it is ended with the rest, also if it cannot be asked
        asked.start()
        return asked.port


class EnvoyAskingNobody(EnvoyLimiting):
    """Asks a service that lets everything through without looking: what asking costs Envoy itself."""

    kind = BareHTTP2


class EnvoyAskingRateLimit(EnvoyLimiting):
    def reason_to_skip(self):
        return RateLimitService.reason_to_skip(self) if not self.setting.ratelimit else super().reason_to_skip()

    def ask_whom(self):
        redis(self, "redis")
        return ratelimit(self)
