"""Reverse proxies that pass small answers on: one upstream that does nothing, one core each."""

from child import free_port
from contestant import OverHTTP, rendered
import machine
from ours import headgate
from peers import envoy


class Passing(OverHTTP):
    """A proxy before the bare server, which shares the core of the load."""

    def start(self):
        upstream, self.port = free_port(), free_port()
        self.upstream(upstream)
        self.proxy(upstream)

    def upstream(self, port):
        """Starts what answers."""
        setting = self.setting
        core, setting.server_core = setting.server_core, setting.load_core
        try:
            self.spawn("upstream", [setting.built("bare-server"), "http", str(port)], port)
        finally:
            setting.server_core = core


class HeadgatePassing(Passing):
    def proxy(self, upstream):
        command = headgate(self.setting, free_port(), self.name)
        command += ["--proxy", f"127.0.0.1:{self.port}", "--upstream", f"http://127.0.0.1:{upstream}"]
        self.spawn("headgate", command, self.port)


class NginxPassing(Passing):
    tools = ("nginx",)

    def proxy(self, upstream):
        work = self.setting.world.folder
        path = self.file("nginx-proxy.conf", rendered("nginx-proxy.conf", work=work, port=self.port, upstream=upstream))
        self.spawn("nginx", [machine.find("nginx"), "-p", work, "-e", "nginx-error.log", "-c", path], self.port)


class EnvoyPassing(Passing):
    tools = ("envoy",)

    def proxy(self, upstream):
        path = self.file("envoy-proxy.yaml", rendered(
            "envoy-front.yaml", port=self.port, upstream=upstream, ask=1, limiter="", protocol=""))
        self.spawn("envoy", envoy(path), self.port)
