"""An authority and what it signs, made with openssl while a test runs."""
import os
import subprocess
import tempfile
from pathlib import Path


def openssl(*arguments, **options):
    subprocess.run(["openssl", *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)


class Authority:
    """`file` is what clients must trust. Everything lies in a folder that goes with the object."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory()
        self.folder = Path(self._folder.name)
        self.file, self._key = self.folder / "authority.pem", self.folder / "authority.key"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
                "-subj", "/CN=Authority of the tests", "-keyout", self._key, "-out", self.file)

    def remove(self):
        self._folder.cleanup()

    def issue(self, name, *names, days=30):
        """(certificate, key): files called `name`, which take the place of those that were there. `names` are written as
        openssl does: DNS:lab.example.org, IP:127.0.0.1."""
        certificate, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        new = self.folder / f"{name}.new"
        request, extensions = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        extensions.write_text("subjectAltName=" + ",".join(names or ("IP:127.0.0.1", "DNS:localhost")))
        openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=tests",
                "-keyout", f"{new}.key", "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", self.file, "-CAkey", self._key, "-CAcreateserial", "-days", str(days),
                "-extfile", extensions, "-out", f"{new}.pem")
        os.replace(f"{new}.pem", certificate)
        os.replace(f"{new}.key", key)
        return str(certificate), str(key)
