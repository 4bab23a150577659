"""An independent judge of Headgate's tokens: PyJWT and the cryptography package.

    token_checks.py prepare FOLDER              makes the keys of an outside issuer: outside.pem, outside.json
    token_checks.py check PORT KEY FOLDER       asks the server on PORT as acme/web, whose API key is KEY

Prints one line per check and ends with 1 at the first that fails. FOLDER also has the server's data folder, because
some forgeries need the key that the server signs with: whoever has that key must still not be believed everything.
"""

import base64
import hashlib
import hmac
import http.client
import json
import sys
import time
import urllib.parse

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

ISSUER, AUDIENCE = "https://headgate.example", "https://api.example"
OUTSIDE, OUTSIDE_AUDIENCE = "https://login.example", "headgate"


def check(what, holds, seen=""):
    if not holds:
        print(f"FAILED {what}: {seen}")
        sys.exit(1)
    print(f"ok {what}")


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def compact(header, claims, sign):
    """A token put together by hand, for what PyJWT rightly refuses to make."""
    signed = encoded(json.dumps(header).encode()) + "." + encoded(json.dumps(claims).encode())
    return signed + "." + encoded(sign(signed.encode()))


class Server:
    def __init__(self, port, key):
        self.port, self.key = int(port), key

    def send(self, method, path, body=None, fields=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, path, body, fields or {})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer, text

    def ask(self, path, **form):
        pair = urllib.parse.quote("acme/web", safe="") + ":" + self.key
        return self.send("POST", path, urllib.parse.urlencode(form), {
            "Authorization": "Basic " + base64.b64encode(pair.encode()).decode(),
            "Content-Type": "application/x-www-form-urlencoded"})

    def token(self, **form):
        answer, text = self.ask("/oauth/token", grant_type="client_credentials", **form)
        check(f"a token is issued for {form}", answer.status == 200, text)
        return json.loads(text)["access_token"]

    def authorize(self, token):
        """The status, the class and the tier that a request with the token gets."""
        answer, _ = self.send("GET", "/v1/authorize", fields={
            "Authorization": f"Bearer {token}", "X-Original-Method": "GET", "X-Original-URI": "/v1/envelopes/7"})
        return answer.status, answer.headers.get("Headgate-Principal"), answer.headers.get("Headgate-Tier")


def own_tokens(server):
    _, text = server.send("GET", "/.well-known/jwks.json")
    keys = jwt.PyJWKSet.from_json(text)
    token = server.token(scope="class:interactive tier:best-effort")
    header = jwt.get_unverified_header(token)
    check("the header is that of RFC 9068", header["typ"] == "at+jwt" and header["alg"] == "ES256", header)
    claims = jwt.decode(
        token, keys[header["kid"]].key, algorithms=["ES256"], audience=AUDIENCE, issuer=ISSUER,
        options={"require": ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"]})
    check("PyJWT verifies the token by our key set", claims["sub"] == "acme/web", claims)
    check("it lasts five minutes", claims["exp"] - claims["iat"] == 300, claims)
    check("it says what was asked for",
          claims["hg_classes"] == ["interactive"] and claims["hg_tier_ceiling"] == "best-effort", claims)
    status, principal, tier = server.authorize(token)
    check("the server accepts it, and no better tier", (status, principal, tier) == (200, "web", "best-effort"),
          (status, principal, tier))
    status, _, tier = server.authorize(server.token())
    check("without a ceiling the operation has its own tier", (status, tier) == (200, "business"), (status, tier))
    answer, text = server.ask("/oauth/token", grant_type="client_credentials", scope="class:repair")
    check("a class that the directory does not list is refused",
          answer.status == 400 and json.loads(text)["error"] == "invalid_scope", text)
    return token, header, claims


def forgeries(server, folder, token, header, claims):
    with open(f"{folder}/data/token-keys.json") as file:
        ours = next(key for key in json.load(file)["keys"] if key["state"] == "current")
    private = serialization.load_pem_private_key(ours["privateKey"].encode(), None)
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    kid = header["kid"]

    def signed(changes=None, key=private, **fields):
        changed = {**claims, **(changes or {})}
        return jwt.encode({name: value for name, value in changed.items() if value is not None}, key,
                          algorithm="ES256", headers={"kid": kid, "typ": "at+jwt", **fields})

    now = int(time.time())
    check("a token that is ours in everything is accepted", server.authorize(signed())[0] == 200)
    stranger = ec.generate_private_key(ec.SECP256R1())
    head, payload, signature = token.split(".")
    other = server.token()
    refused = {
        "algorithm none": compact({**header, "alg": "none"}, claims, lambda _: b""),
        "algorithm none, our signature": compact(
            {**header, "alg": "none"}, claims, lambda _: base64.urlsafe_b64decode(signature + "==")),
        "HS256 with our public key in PEM": compact(
            {**header, "alg": "HS256"}, claims, lambda text: hmac.new(public, text, hashlib.sha256).digest()),
        "another audience": signed({"aud": "https://other.example"}),
        "no audience": signed({"aud": None}),
        "another issuer": signed({"iss": "https://other.example"}),
        "expired": signed({"iat": now - 400, "exp": now - 100}),
        "too long": signed({"iat": now, "exp": now + 601}),
        "issued in the future": signed({"iat": now + 60, "exp": now + 120}),
        "not before later": signed({"nbf": now + 60}),
        "another key's name": signed(kid="other"),
        "no key's name": jwt.encode(claims, private, algorithm="ES256", headers={"typ": "at+jwt"}),
        "another type": signed(typ="JWT"),
        "a stranger's key": signed(key=stranger),
        "a stranger's key in the header": signed(
            key=stranger, jwk=json.loads(jwt.algorithms.ECAlgorithm.to_jwk(stranger.public_key()))),
        "a critical extension": signed(crit=["exp"]),
        "another token's header": ".".join([other.split(".")[0] + "A", payload, signature]),
        "another token's claims": ".".join([head, other.split(".")[1], signature]),
        "another token's signature": ".".join([head, payload, other.split(".")[2]]),
        "no signature": f"{head}.{payload}.",
        "a signature with padding": token + "=",
        "an unknown principal": signed({"hg_principal": "nobody"}),
        "another tenant": signed({"hg_tenant": "small-co"}),
        "another key of the client": signed({"client_id": "k_000000000000"}),
        "another environment": signed({"hg_environment": "test"}),
    }
    for what, forged in refused.items():
        check(f"refused: {what}", server.authorize(forged)[0] == 401, server.authorize(forged))
    status, principal, tier = server.authorize(signed({"hg_classes": ["recovery"], "hg_tier_ceiling": "critical"}))
    check("a class above the entitlement gives nothing", (status, principal) == (200, "web") and tier == "business",
          (status, principal, tier))
    check("the token itself is still good", server.authorize(token)[0] == 200)


def outside_tokens(server, folder):
    with open(f"{folder}/outside.pem", "rb") as file:
        private = serialization.load_pem_private_key(file.read(), None)
    now = int(time.time())
    claims = {"iss": OUTSIDE, "aud": OUTSIDE_AUDIENCE, "org": "acme", "azp": "web", "iat": now, "exp": now + 3_600,
              "jti": "1"}

    def signed(changes=None, algorithm="RS256", kid="outside-1"):
        return jwt.encode({**claims, **(changes or {})}, private, algorithm=algorithm, headers={"kid": kid})

    check("an outside issuer's token is accepted", server.authorize(signed())[:2] == (200, "web"),
          server.authorize(signed()))
    for what, forged in {
        "for another audience": signed({"aud": AUDIENCE}),
        "of a tenant that the issuer may not speak for": signed({"org": "small-co"}),
        "by another algorithm": signed(algorithm="PS256"),
        "by a key that is not published": signed(kid="outside-2"),
        "in our name": signed({"iss": ISSUER, "aud": AUDIENCE}),
    }.items():
        check(f"refused: an outside issuer's token {what}", server.authorize(forged)[0] == 401)


def withdrawal(server):
    token = server.token()
    check("a token is good before it is withdrawn", server.authorize(token)[0] == 200)
    answer, text = server.ask("/oauth/introspect", token=token)
    said = json.loads(text)
    check("introspection says what it is", answer.status == 200 and said["active"] and said["sub"] == "acme/web", text)
    answer, text = server.ask("/oauth/revoke", token=token)
    check("it can be withdrawn", answer.status == 200 and text == "", text)
    check("then it is good nowhere", server.authorize(token)[0] == 401)
    check("and not active", json.loads(server.ask("/oauth/introspect", token=token)[1]) == {"active": False})
    check("withdrawing it again, or nonsense, is no mistake",
          server.ask("/oauth/revoke", token=token)[0].status == 200
          and server.ask("/oauth/revoke", token="nonsense")[0].status == 200)


def prepare(folder):
    private = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    with open(f"{folder}/outside.pem", "wb") as file:
        file.write(private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(private.public_key()))
    with open(f"{folder}/outside.json", "w") as file:
        json.dump({"keys": [{**key, "kid": "outside-1", "alg": "RS256", "use": "sig"}]}, file)


def main():
    if sys.argv[1] == "prepare":
        prepare(sys.argv[2])
    else:
        server, folder = Server(sys.argv[2], sys.argv[3]), sys.argv[4]
        forgeries(server, folder, *own_tokens(server))
        outside_tokens(server, folder)
        withdrawal(server)
    print("done")


main()
