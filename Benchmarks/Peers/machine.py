"""The machine, and what is installed on it."""

import glob
import os
import platform
import re
import shutil
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# What is needed to run it, where it is not the command's own name, and which package has it.
TOOLS = {
    "nginx": "the Debian package nginx-light",
    "haproxy": "the Debian package haproxy",
    "redis-server": "the Debian package redis-server",
    "redis-benchmark": "the Debian package redis-tools",
    "redis-cli": "the Debian package redis-tools",
    "wrk": "the Debian package wrk",
    "h2load": "the Debian package nghttp2-client",
    "nghttp": "the Debian package nghttp2-client",
    "valgrind": "the Debian package valgrind",
    "envoy": "scripts/setup, which puts Envoy into .venv",
}


def cores():
    """The core for servers and the core for load; `None` if there is only one."""
    usable = sorted(os.sched_getaffinity(0))
    return (usable[0], usable[-1]) if len(usable) > 1 else None


def find(tool):
    """The path of a tool; `None` if it is not installed."""
    if tool == "envoy":
        found = glob.glob(os.path.join(ROOT, ".venv/lib/python*/site-packages/envoy/_bin/envoy")) + glob.glob(
            os.path.join(ROOT, ".venv/lib/python*/site-packages/*envoy*/_bin/envoy"))
        return found[0] if found else shutil.which("envoy")
    return shutil.which(tool, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def missing(tools):
    """Why something cannot run, in words; `None` if it can."""
    absent = [tool for tool in tools if find(tool) is None]
    return "; ".join(f"{tool} is not installed: it is in {TOOLS[tool]}" for tool in absent) or None


def said(command):
    """What a command prints, on either stream; empty if it cannot be run."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout + done.stderr


def versions():
    """Name and version of everything that takes part."""
    asked = {
        "Swift": (["swift", "--version"], r"Swift version ([\d.]+)"),
        "nginx": ([find("nginx"), "-v"], r"nginx/([\d.]+)"),
        "HAProxy": ([find("haproxy"), "-v"], r"version ([\d.]+)"),
        "Envoy": ([find("envoy"), "--version"], r"/([\d.]+)/"),
        "Redis": ([find("redis-server"), "--version"], r"v=([\d.]+)"),
        "wrk": ([find("wrk"), "-v"], r"wrk (?:debian/)?([\d.]+)"),
        "h2load": ([find("h2load"), "--version"], r"nghttp2/([\d.]+)"),
        "Headgate": (["git", "-C", ROOT, "describe", "--always", "--dirty"], r"(\S+)"),
    }
    found = {}
    for name, (command, pattern) in asked.items():
        match = re.search(pattern, said(command)) if command[0] else None
        if match:
            found[name] = match.group(1)
    return found


def describe():
    """Processor, cores, memory and kernel in one line."""
    with open("/proc/cpuinfo") as file:
        model = re.search(r"model name\s*: (.*)", file.read())
    with open("/proc/meminfo") as file:
        memory = int(re.search(r"MemTotal:\s+(\d+)", file.read()).group(1)) / 2**20
    return (f"{model.group(1) if model else platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB, "
            f"Linux {platform.release()}")
