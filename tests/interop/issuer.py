"""Somebody who signs tokens with a private key of his own."""
from pathlib import Path

import jwt

from certificates import openssl
from relay_case import claims


class Issuer:
    """A key pair in `folder`; `public` is PEM, `web_key` the same as a JSON Web Key."""

    def __init__(self, folder, name):
        self.name = name
        private, public = Path(folder, name + ".key"), Path(folder, name + ".public")
        openssl("ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", str(private))
        openssl("ec", "-in", str(private), "-pubout", "-out", str(public))
        self.private, self.public = private.read_text(), public.read_text()
        algorithm = jwt.algorithms.ECAlgorithm(jwt.algorithms.ECAlgorithm.SHA256)
        self.numbers = algorithm.prepare_key(self.public).public_numbers()

    @property
    def web_key(self):
        def number(value):
            return jwt.utils.base64url_encode(value.to_bytes(32, "big")).decode()

        return {"kty": "EC", "crv": "P-256", "kid": self.name, "x": number(self.numbers.x), "y": number(self.numbers.y)}

    def token(self, topic="t1", **others):
        return jwt.encode(claims(topic, **others), self.private, algorithm="ES256", headers={"kid": self.name})
