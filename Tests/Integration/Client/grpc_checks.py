"""An independent client of Headgate's gRPC methods: Python's gRPC with Envoy's published messages.

    grpc_checks.py GROUP PORT KEY [PID]

Prints one line per check and ends with 1 at the first that fails.
"""

import datetime
import os
import re
import signal
import sys
import threading
import time

import grpc
from envoy_data_plane.envoy.config.core import v3 as core
from envoy_data_plane.envoy.extensions.common.ratelimit import v3 as common
from envoy_data_plane.envoy.service.auth import v3 as auth
from envoy_data_plane.envoy.service.ratelimit import v3 as rls

OK, OVER = rls.RateLimitResponseCode.OK, rls.RateLimitResponseCode.OVER_LIMIT
PATIENCE = 10  # seconds; far beyond what any call takes


def check(what, holds, seen=""):
    if not holds:
        print(f"FAILED {what}: {seen}")
        sys.exit(1)
    print(f"ok {what}")


class Client:
    """The four methods, over a connection of its own."""

    def __init__(self, port):
        # Without the option all channels of one process share a connection.
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}", [("grpc.use_local_subchannel_pool", 1)])
        raw = dict(request_serializer=bytes, response_deserializer=bytes)
        path = "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit"
        self.limit_raw = self.channel.unary_unary(path, **raw)
        self.check_raw = self.channel.unary_unary("/envoy.service.auth.v3.Authorization/Check", **raw)
        self.health_raw = self.channel.unary_unary("/grpc.health.v1.Health/Check", **raw)
        self.watch_raw = self.channel.unary_stream("/grpc.health.v1.Health/Watch", **raw)

    def limit(self, domain, *descriptors, **fields):
        request = rls.RateLimitRequest(domain=domain, descriptors=list(descriptors), **fields)
        return rls.RateLimitResponse.parse(self.limit_raw(bytes(request), timeout=PATIENCE))

    def authorize(self, **fields):
        http = auth.AttributeContextHttpRequest(**fields)
        return self.authorize_with(auth.AttributeContext(request=auth.AttributeContextRequest(http=http)))

    def authorize_with(self, attributes):
        answer = self.check_raw(bytes(auth.CheckRequest(attributes=attributes)), timeout=PATIENCE)
        return auth.CheckResponse.parse(answer)


def descriptor(*entries, **fields):
    pairs = [common.RateLimitDescriptorEntry(key=key, value=value) for key, value in entries]
    return common.RateLimitDescriptor(entries=pairs, **fields)


def headers(list_of_headers):
    pairs = [(entry.key.lower(), entry.value) for entry in list_of_headers]
    check("no header stands twice", len(dict(pairs)) == len(pairs), pairs)
    return dict(pairs)


def options(list_of_options):
    for option in list_of_options:
        check(f"{option.header.key} overwrites", option.append_action == core.HeaderValueOptionHeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
    return headers([option.header for option in list_of_options])


def metadata(struct):
    """A Struct as a dictionary."""
    values = {}
    for name, value in struct.fields.items():
        values[name] = value.string_value if value.string_value is not None else value.number_value
    return values


def fails(call, code):
    try:
        call()
    except grpc.RpcError as error:
        return error.code() == code
    return False


def stop(pid):
    """Stops a process, and comes back when each of its threads stands still: the signal alone takes a moment."""
    os.kill(int(pid), signal.SIGSTOP)
    def runs(thread):
        with open(f"/proc/{pid}/task/{thread}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] not in "Tt"
    while any(runs(thread) for thread in os.listdir(f"/proc/{pid}/task")):
        time.sleep(0.001)


def group_limits(port, key, pid):
    """Domains with limits of their own."""
    client = Client(port)
    codes, remaining = [], []
    for _ in range(12):
        answer = client.limit("edge", descriptor(("ten", "exact")))
        codes.append(answer.overall_code)
        remaining.append(answer.statuses[0].limit_remaining)
    check("ten of twelve go through", codes == [OK] * 10 + [OVER] * 2, codes)
    check("what is left is counted down", remaining == list(range(9, -1, -1)) + [0, 0], remaining)
    status = answer.statuses[0]
    check("the status says over limit", status.code == OVER)
    check("the limit is stated", (status.current_limit.requests_per_unit, status.current_limit.unit) ==
          (10, rls.RateLimitResponseRateLimitUnit.DAY), status)
    check("until midnight", datetime.timedelta() < status.duration_until_reset <= datetime.timedelta(days=1), status)
    fields = headers(answer.response_headers_to_add)
    check("the reason is a field", fields["headgate-reason"] == "descriptor_limit", fields)
    check("so is the decision", re.fullmatch("[0-9A-Z]{26}", fields["headgate-decision"]), fields)
    check("Retry-After", int(fields["retry-after"]) > 0, fields)
    check("the body is a problem", fields["content-type"] == "application/problem+json" and
          b'"reason":"descriptor_limit"' in answer.raw_body and b'"status":429' in answer.raw_body, answer.raw_body)
    facts = metadata(answer.dynamic_metadata)
    check("metadata", facts["decision"] == "throttle" and facts["reason"] == "descriptor_limit" and
          facts["decision_id"] == fields["headgate-decision"] and facts["retry_after_ms"] > 0, facts)
    check("nothing for the upstream", answer.request_headers_to_add == [] and answer.quota is None)

    answer = client.limit("edge", descriptor(("rated", "x")))
    limit = answer.statuses[0].current_limit
    check("a rate is stated by its unit, with its name", (limit.requests_per_unit, limit.unit, limit.name) ==
          (2, rls.RateLimitResponseRateLimitUnit.HOUR, "the-rated-one"), limit)
    check("an admitted call has a decision and no body",
          "headgate-decision" in headers(answer.response_headers_to_add) and answer.raw_body == b"", answer)

    values = [client.limit("edge", descriptor(("year", f"2026-{number}"))).overall_code for number in range(9)]
    check("shared values share a counter", values == [OK] * 7 + [OVER] * 2, values)
    check("zero lets nothing through", client.limit("edge", descriptor(("none", "x"))).overall_code == OVER)

    free = [client.limit("edge", descriptor(("free", "x"))) for _ in range(50)]
    check("unlimited is unlimited", all(answer.overall_code == OK for answer in free) and
          free[-1].statuses[0].limit_remaining == 2**32 - 1 and free[-1].statuses[0].current_limit is None, free[-1])
    tried = [client.limit("edge", descriptor(("tried", "x"))) for _ in range(5)]
    check("shadow lets through", all(answer.overall_code == OK for answer in tried))
    facts = metadata(tried[-1].dynamic_metadata)
    check("and says what would be", (facts["reason"], facts["would_be"], facts["stage"]) ==
          ("stage_not_enforcing", "descriptor_limit", "shadow"), facts)

    for unknown in [descriptor(("nothing", "x")), descriptor(("a", "x")), descriptor(), descriptor(("", ""))]:
        answer = client.limit("edge", unknown)
        check("no limit, no limit", answer.overall_code == OK and answer.statuses[0].code == OK and
              answer.statuses[0].current_limit is None, answer)
    check("an unknown domain limits nothing", client.limit("nowhere", descriptor(("ten", "x"))).overall_code == OK)
    check("no descriptors, no statuses", client.limit("edge").statuses == [])

    # The reference service joins keys and values with underscores, and counts these two together.
    for _ in range(3):
        check("a_b c", client.limit("edge", descriptor(("a", "b_c"), ("b", "d"))).overall_code == OK)
    for value, rest in [("b", "c_b_d"), ("b_c_b", "d"), ("b_c", "d_"), ("b_c", "_d")]:
        answer = client.limit("edge", descriptor(("a", value), ("b", rest)))
        check(f"({value}, {rest}) has a counter of its own", answer.statuses[0].limit_remaining == 2, answer)
    check("and the first is spent", client.limit("edge", descriptor(("a", "b_c"), ("b", "d"))).overall_code == OVER)

    both = [client.limit("edge", descriptor(("general", "x")), descriptor(("special", "x"))) for _ in range(5)]
    check("what replaces another counts alone", all(answer.overall_code == OK for answer in both), both[-1])
    check("the replaced has no limit", both[-1].statuses[0].current_limit is None)
    check("the replacing has", both[-1].statuses[1].limit_remaining == 0)
    alone = [client.limit("edge", descriptor(("general", "x"))).overall_code for _ in range(3)]
    check("alone the general one counts", alone == [OK, OK, OVER], alone)


def group_together(port, key, pid):
    """Several descriptors: all or none, and looks."""
    client = Client(port)

    def left(key, value="t"):
        look = client.limit("edge", descriptor((key, value), hits_addend=0))
        return look.statuses[0].limit_remaining

    pair = [descriptor(("ten", "t")), descriptor(("second", "t"))]
    check("a look before", left("ten") == 10)
    for _ in range(3):
        answer = client.limit("edge", *pair)
        check("both go through", [status.code for status in answer.statuses] == [OK, OK])
    check("both are charged", (left("ten"), left("second")) == (7, 7))
    for _ in range(7):
        client.limit("edge", descriptor(("second", "t")))
    answer = client.limit("edge", *pair)
    check("one is over, so the call is", answer.overall_code == OVER and
          [status.code for status in answer.statuses] == [OK, OVER], answer)
    check("and the other is not charged", (left("ten"), left("second")) == (7, 0))
    answer = client.limit("edge", *reversed(pair))
    check("in whatever order", [status.code for status in answer.statuses] == [OVER, OK] and left("ten") == 7)
    check("looks cost nothing", [left("ten") for _ in range(20)] == [7] * 20)

    answer = client.limit("edge", descriptor(("ten", "t")), hits_addend=5)
    check("five hits are five", answer.statuses[0].limit_remaining == 2)
    answer = client.limit("edge", descriptor(("ten", "t")), hits_addend=3)
    check("three do not fit into two", answer.overall_code == OVER and left("ten") == 2, answer)
    answer = client.limit("edge", descriptor(("ten", "t"), hits_addend=2), hits_addend=9)
    check("a descriptor's own hits win", answer.overall_code == OK and left("ten") == 0, answer)
    check("a look at what is spent says so",
          client.limit("edge", descriptor(("ten", "t"), hits_addend=0)).overall_code == OVER)
    answer = client.limit("edge", descriptor(("ten", "u"), is_negative_hits=True, hits_addend=3))
    check("hits given back only look", answer.overall_code == OK and left("ten", "u") == 10, answer)
    for hits in [2**32 - 1, 2**63, 2**64 - 1]:
        answer = client.limit("edge", descriptor(("ten", "huge"), hits_addend=hits))
        check(f"{hits} hits are too many", answer.overall_code == OVER and left("ten", "huge") == 10, answer)
    check("so are they for the call", client.limit("edge", descriptor(("ten", "huge")), hits_addend=2**32 - 1).overall_code == OVER)

    same = [descriptor(("ten", "s"))] * 4
    for rest in [6, 2]:
        answer = client.limit("edge", *same)
        check("four of the same counter are four", answer.overall_code == OK and left("ten", "s") == rest, answer)
    check("and a third time too many", client.limit("edge", *same).overall_code == OVER and left("ten", "s") == 2)
    mixed = client.limit("edge", descriptor(("free", "x")), descriptor(("nothing", "x")), descriptor(("ten", "m")))
    check("unlimited, unmatched and counted", [status.code for status in mixed.statuses] == [OK] * 3)

    many = [descriptor(("large", str(number))) for number in range(1000)]
    answer = client.limit("edge", *many)
    check("a thousand descriptors", len(answer.statuses) == 1000 and answer.overall_code == OK)
    check("each is charged once", all(status.limit_remaining == 999_999 for status in answer.statuses))
    one = client.limit("edge", *many[:999], descriptor(("none", "x")))
    check("one of a thousand is over", one.overall_code == OVER and one.statuses[999].code == OVER and
          all(status.limit_remaining == 999_999 for status in one.statuses[:999]))
    look = client.limit("edge", *[descriptor(("large", str(number)), hits_addend=0) for number in range(1000)])
    check("and none is charged", all(status.limit_remaining == 999_999 for status in look.statuses))
    check("a thousand and one are refused",
          fails(lambda: client.limit("edge", *many, many[0]), grpc.StatusCode.INVALID_ARGUMENT))

    # Exactly, with many at once.
    admitted, lock = [0], threading.Lock()

    def spend():
        mine = Client(port)
        for _ in range(20):
            answer = mine.limit("edge", descriptor(("ten", "race")), descriptor(("second", "race")))
            with lock:
                admitted[0] += answer.overall_code == OK
    threads = [threading.Thread(target=spend) for _ in range(8)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    check("ten of 160 in eight threads go through", admitted[0] == 10, admitted)
    check("and nothing is left of either", (left("ten", "race"), left("second", "race")) == (0, 0))


def group_keys(port, key, pid):
    """Domains whose keys have meanings."""
    client = Client(port)
    call = [("method", "POST"), ("path", "/v1/reports")]
    for credential in [key, "Bearer " + key]:
        answer = client.limit("proxy", descriptor(("api_key", credential), *call))
        facts = metadata(answer.dynamic_metadata)
        check("a credential is somebody", answer.overall_code == OK and facts["tenant"] == "small-co" and
              facts["operation"] == "export-report" and facts["class"] == "export", facts)
    check("limits are headers", "ratelimit" in headers(answer.response_headers_to_add), answer)
    answer = client.limit("proxy", descriptor(("api_key", key), *call))
    fields = headers(answer.response_headers_to_add)
    check("the third report is one too many", answer.overall_code == OVER and
          fields["headgate-reason"] == "operation_budget", fields)
    check("and says until when", answer.statuses[0].duration_until_reset > datetime.timedelta())

    answer = client.limit("proxy", descriptor(("api_key", "nobody"), *call))
    check("an unknown credential is refused", answer.overall_code == OVER and
          headers(answer.response_headers_to_add)["headgate-reason"] == "unknown_credential", answer)
    check("without a limit", answer.statuses[0].current_limit is None)
    answer = client.limit("proxy", descriptor(("tenant", "acme"), ("principal", "web"), ("operation", "envelope-status")))
    facts = metadata(answer.dynamic_metadata)
    check("a trusted proxy names tenant, principal and operation", (facts["tenant"], facts["operation"]) ==
          ("acme", "envelope-status"), facts)
    for stage, tier in [("active", "business"), ("dormant", "best-effort")]:
        answer = client.limit("proxy", descriptor(("tenant", "acme"), ("principal", "web"),
                                                  ("operation", "envelope-status"), ("stage", stage)))
        check(f"an attribute makes it {tier}", metadata(answer.dynamic_metadata)["tier"] == tier)
    answer = client.limit("proxy", descriptor(("tenant", "acme"), ("principal", "erp"), ("class", "export"),
                                              ("method", "GET"), ("path", "/v1/envelopes/7")))
    check("a claim", metadata(answer.dynamic_metadata)["class"] == "export")
    answer = client.limit("proxy", descriptor(("generic_key", "x"), ("nothing", "y")))
    check("keys that mean nothing limit nothing", answer.overall_code == OK and answer.dynamic_metadata is None)

    def costing(cost):
        return client.limit("proxy", descriptor(("tenant", "acme"), ("cost", cost), ("operation", "envelope-status")))
    check("what costs more than there is has no place", costing("1000000").overall_code == OVER)
    for cost in ["-5", "0", "x", "", "99999999999999999999999"]:
        check(f"a cost of {cost!r} is none", fails(lambda: costing(cost), grpc.StatusCode.INVALID_ARGUMENT))

    twice = client.limit("proxy", descriptor(("api_key", key), ("api_key", key), ("operation", "envelope-status")))
    check("of two credentials neither counts", twice.overall_code == OVER and
          metadata(twice.dynamic_metadata)["reason"] == "unknown_credential", twice)

    before = client.limit("proxy", descriptor(("tenant", "small-co"), ("operation", "envelope-status"), hits_addend=0))
    refused = client.limit("proxy", descriptor(("tenant", "small-co"), ("operation", "envelope-status")),
                           descriptor(("api_key", "nobody"), *call))
    after = client.limit("proxy", descriptor(("tenant", "small-co"), ("operation", "envelope-status"), hits_addend=0))
    check("who stands beside a stranger is not charged", refused.overall_code == OVER and
          before.statuses[0].limit_remaining <= after.statuses[0].limit_remaining, (before, after))


def group_authorize(port, key, pid):
    """External authorization."""
    client = Client(port)
    answer = client.authorize(method="GET", path="/v1/envelopes/7", headers={"x-api-key": key})
    check("admitted", answer.status.code == 0 and answer.denied_response is None and answer.error_response is None)
    up = options(answer.ok_response.headers)
    check("who it is goes to the API", (up["headgate-tenant"], up["headgate-principal"], up["headgate-operation"]) ==
          ("small-co", "automation", "envelope-status"), up)
    check("decision, class and tier too", {"headgate-decision", "headgate-class", "headgate-tier"} <= set(up), up)
    down = options(answer.ok_response.response_headers_to_add)
    check("what is left goes to the client", {"ratelimit", "ratelimit-policy", "headgate-decision"} <= set(down), down)
    check("the two name one decision", up["headgate-decision"] == down["headgate-decision"])
    check("nobody's name goes to the client", not {"headgate-tenant", "headgate-principal"} & set(down))
    facts = metadata(answer.dynamic_metadata)
    check("metadata", facts["tenant"] == "small-co" and facts["decision"] == "admit" and
          facts["decision_id"] == up["headgate-decision"], facts)

    answer = client.authorize(method="GET", path="/v1/nobody-knows", headers={"x-api-key": key})
    check("what was not verified is removed", "headgate-operation" in answer.ok_response.headers_to_remove, answer)

    for fields in [{}, {"x-api-key": "nobody"}, {"authorization": "Basic " + key}, {"authorization": "Bearer"}]:
        answer = client.authorize(method="GET", path="/v1/envelopes/7", headers=fields)
        denied = options(answer.denied_response.headers)
        check("a stranger is denied", answer.status.code == 16 and answer.denied_response.status.code == 401 and
              denied["headgate-reason"] == "unknown_credential" and "www-authenticate" in denied, answer)
        check("with a problem", denied["content-type"] == "application/problem+json" and
              '"status":401' in answer.denied_response.body, answer.denied_response.body)
    for _ in range(2):
        client.authorize(method="POST", path="/v1/reports", headers={"authorization": "Bearer " + key})
    answer = client.authorize(method="POST", path="/v1/reports", headers={"authorization": "Bearer " + key})
    denied = options(answer.denied_response.headers)
    check("over the limit", answer.status.code == 8 and answer.denied_response.status.code == 429 and
          int(denied["retry-after"]) > 0 and "ratelimit" in denied, answer)
    answer = client.authorize(method="POST", path="/v1/bulk-sends", headers={"x-api-key": key})
    check("not in the plan", answer.status.code == 7 and answer.denied_response.status.code == 403, answer)

    def header_map(*pairs):
        return core.HeaderMap(headers=[core.HeaderValue(key=name, raw_value=value.encode()) for name, value in pairs])
    answer = client.authorize(method="GET", path="/v1/envelopes/7", header_map=header_map(("x-api-key", key)))
    check("raw headers count", answer.status.code == 0)
    for doubled in [("x-api-key", key), ("x-api-key", "other"), ("headgate-class", "export")]:
        answer = client.authorize(method="GET", path="/v1/envelopes/7",
                                  header_map=header_map(("x-api-key", key), ("headgate-class", "export"), doubled))
        check(f"a second {doubled[0]} is denied", answer.denied_response.status.code == 400, answer)
    answer = client.authorize(method="GET", path="/v1/envelopes/7",
                              headers={"x-api-key": key, "headgate-attributes": "workflow.stage=dormant"})
    check("what a client says of itself changes nothing", metadata(answer.dynamic_metadata)["tier"] == "business")
    answer = client.authorize_with(auth.AttributeContext(
        context_extensions={"workflow.stage": "dormant"},
        request=auth.AttributeContextRequest(http=auth.AttributeContextHttpRequest(
            method="GET", path="/v1/envelopes/7", headers={"x-api-key": key}))))
    check("what the route says counts", metadata(answer.dynamic_metadata)["tier"] == "best-effort", answer)

    now = datetime.datetime.now(datetime.timezone.utc)
    peer = auth.AttributeContextPeer(
        address=core.Address(socket_address=core.SocketAddress(address="10.0.0.1", port_value=1)), service="s",
        labels={"a": "b"}, principal="spiffe://x", certificate="-" * 5000)
    full = auth.AttributeContext(
        source=peer, destination=peer, context_extensions={"route": "r"}, metadata_context=core.Metadata(),
        route_metadata_context=core.Metadata(), tls_session=auth.AttributeContextTlsSession(sni="example.org"),
        request=auth.AttributeContextRequest(time=now, http=auth.AttributeContextHttpRequest(
            id="1", method="GET", path="/v1/envelopes/7?q=1", host="example.org", scheme="https", query="q=1",
            fragment="f", size=-1, protocol="HTTP/2", body="b" * 100_000, raw_body=b"\xff" * 100_000,
            headers={"x-api-key": key, ":authority": "example.org", "cookie": "c" * 8000})))
    check("every field there is", client.authorize_with(full).status.code == 0)
    check("nothing at all is a stranger", client.authorize_with(None).denied_response.status.code == 401)
    for path in ["", "/", "*", "x", "/" + "y" * 100_000, "/v1/envelopes/7/../../bulk-sends", "/\x00", "/é"]:
        answer = client.authorize(method="GET", path=path, headers={"x-api-key": key})
        check(f"the path {path[:20]!r} is survived", answer.status.code in [0, 7, 8], answer)
    answer = client.authorize(method="G\r\nX: 1", path="/v1/\r\nX: 1", headers={"x-api-key": key, "headgate-class": "a\r\nX: 1"})
    text = repr(answer)
    check("no line end comes back", "\\r\\nX" not in text, text)


def group_wire(port, key, pid):
    """Unknown fields, noise, giant and empty values, deadlines, cancelled and many streams."""
    client = Client(port)
    unknown = bytes([0x98, 0x06, 1, 0xA1, 0x06]) + bytes(8) + bytes([0xAA, 0x06, 3]) + b"abc" + bytes([0xB5, 0x06]) + bytes(4)
    request = bytes(rls.RateLimitRequest(domain="edge", descriptors=[descriptor(("ten", "w"))]))
    for message in [unknown + request, request + unknown, unknown + request + unknown]:
        answer = rls.RateLimitResponse.parse(client.limit_raw(message, timeout=PATIENCE))
        check("unknown fields are skipped", answer.statuses[0].limit_remaining is not None and len(answer.statuses) == 1)
    for cut in range(1, len(request)):
        try:
            client.limit_raw(request[:cut], timeout=PATIENCE)
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.INVALID_ARGUMENT:
                check("a message that is cut is invalid", False, error)
    check("a message cut anywhere is invalid or whole", True)
    for call in [client.limit_raw, client.check_raw, client.health_raw]:
        check("noise is invalid", fails(lambda: call(b"\xff" * 50, timeout=PATIENCE), grpc.StatusCode.INVALID_ARGUMENT))

    check("an empty message limits nothing", rls.RateLimitResponse.parse(client.limit_raw(b"", timeout=PATIENCE)).overall_code == OK)
    giant = "v" * 900_000
    answer = client.limit("edge", descriptor(("ten", giant)))
    check("a giant value is a value", answer.statuses[0].limit_remaining == 9)
    check("and has a counter of its own", client.limit("edge", descriptor(("ten", giant + "v"))).statuses[0].limit_remaining == 9)
    check("a giant domain is unknown", client.limit("d" * 900_000, descriptor(("ten", "x"))).overall_code == OK)
    check("an empty value is a value", client.limit("edge", descriptor(("ten", ""))).statuses[0].limit_remaining == 9)
    check("a message beyond a megabyte is refused",
          fails(lambda: client.limit("edge", descriptor(("ten", "v" * 1_100_000))), grpc.StatusCode.RESOURCE_EXHAUSTED))
    check("and the connection goes on", client.limit("edge", descriptor(("free", "x"))).overall_code == OK)
    other = client.channel.unary_unary("/envoy.service.ratelimit.v3.RateLimitService/Other", request_serializer=bytes)
    check("an unknown method is not implemented", fails(lambda: other(b"", timeout=PATIENCE), grpc.StatusCode.UNIMPLEMENTED))
    squeezed = lambda: client.limit_raw(request * 200, timeout=PATIENCE, compression=grpc.Compression.Gzip)
    check("compressed messages are not", fails(squeezed, grpc.StatusCode.UNIMPLEMENTED))

    generous = client.limit_raw(request, timeout=3600)
    check("a long deadline changes nothing", len(generous) > 0)
    stop(pid)
    late = [client.limit_raw.future(request, timeout=0.2) for _ in range(50)]
    check("calls whose deadline passes end for the client",
          all(call.exception().code() == grpc.StatusCode.DEADLINE_EXCEEDED for call in late))
    os.kill(int(pid), signal.SIGCONT)
    check("and the connection goes on", client.limit("edge", descriptor(("free", "x"))).overall_code == OK)
    for _ in range(300):
        client.limit_raw.future(request).cancel()
        watch = client.watch_raw(b"")
        watch.cancel()
    check("cancelled calls leave the connection as it was", client.limit("edge", descriptor(("free", "x"))).overall_code == OK)

    free = bytes(rls.RateLimitRequest(domain="edge", descriptors=[descriptor(("free", "x"))]))
    calls = [client.limit_raw.future(free, timeout=PATIENCE * 6) for _ in range(5_000)]
    answers = [rls.RateLimitResponse.parse(call.result()) for call in calls]
    check("five thousand calls at once on one connection", all(answer.overall_code == OK for answer in answers))
    clients = [Client(port) for _ in range(50)]
    calls = [other.limit_raw.future(free, timeout=PATIENCE * 6) for other in clients for _ in range(100)]
    check("five thousand on fifty", all(rls.RateLimitResponse.parse(call.result()).overall_code == OK for call in calls))


def group_health(port, key, pid):
    """The health service, up to the end of the server."""
    client = Client(port)
    service = lambda name: bytes([0x0A, len(name)]) + name.encode()
    for name in ["", "envoy.service.ratelimit.v3.RateLimitService", "envoy.service.auth.v3.Authorization"]:
        check(f"{name or 'the server'} serves", client.health_raw(service(name), timeout=PATIENCE) == b"\x08\x01")
    check("an unknown service is not found", fails(lambda: client.health_raw(service("x"), timeout=PATIENCE), grpc.StatusCode.NOT_FOUND))
    unknown = client.watch_raw(service("x"), timeout=PATIENCE)
    check("a watcher of one is told so", next(unknown) == b"\x08\x03")
    unknown.cancel()
    watch = client.watch_raw(b"", timeout=PATIENCE * 3)
    check("a watcher is told", next(watch) == b"\x08\x01")
    os.kill(int(pid), signal.SIGTERM)
    check("and told of the end", next(watch) == b"\x08\x02")
    try:
        next(watch)
        check("the watch ends", False)
    except grpc.RpcError as error:
        check("the watch ends as unavailable", error.code() == grpc.StatusCode.UNAVAILABLE, error)


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    group, port, key, pid = (sys.argv + [""])[1:5]
    globals()["group_" + group](port, key, pid)
    print(f"done {group}")
