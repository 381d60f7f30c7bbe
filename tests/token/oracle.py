"""Another implementation of JWT as judge of ours: Debian's python3-jwt.

    oracle.py TOKEN_MATRIX      the program built from matrix.cpp

What we accept of the matrix, it must accept; its tokens of every algorithm, we must accept. Exit status 77: it is not
installed, and the line printed says so.
"""
import base64
import json
import subprocess
import sys
import time

try:
    import jwt
except ImportError as missing:
    print(f"skipped: {missing}; as root: scripts/packages test")
    sys.exit(77)

PROGRAM = sys.argv[1]
ALGORITHMS = {"secret": ["HS256"], "rsa": ["RS256"], "p256": ["ES256"], "ed25519": ["EdDSA"]}
OF_KIND = {"oct": "HS256", "RSA": "RS256", "EC": "ES256", "OKP": "EdDSA"}
WANTED = {"require": ["exp"], "verify_aud": True}


def run(*arguments, text=None):
    done = subprocess.run([PROGRAM, *arguments], input=text, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done
    return done.stdout.splitlines()


KEYS = json.loads(run("keys")[0])
SET = {key["kid"]: (jwt.PyJWK(key, OF_KIND[key["kty"]]).key, [OF_KIND[key["kty"]]])
       for key in json.loads(KEYS["key_set"])["keys"]}


def candidates(keys, token):
    """The keys a program would try, chosen as RFC 7517 has it: by `kid`, where there is one."""
    if keys != "key_set":
        return [(KEYS[keys], ALGORITHMS[keys])]
    try:
        key_id = jwt.get_unverified_header(token).get("kid")
    except Exception:
        return list(SET.values())
    return list(SET.values()) if key_id is None else [SET[key_id]] if key_id in SET else []


def accepts(keys, token):
    for key, algorithms in candidates(keys, token):
        try:
            jwt.decode(token, key, algorithms=algorithms, audience=KEYS["audience"], options=WANTED)
            return True
        except Exception:  # it throws more than its own: TypeError, RecursionError
            continue
    return False


def judge_matrix():
    wrong, hostile, accepted_there, good = [], 0, 0, 0
    for line in run():
        row = json.loads(line)
        token = base64.b64decode(row["token"])
        ours, theirs = row["ours"] == "accepted", accepts(row["keys"], token)
        if row["attack"]:
            hostile += 1
            accepted_there += theirs
            if ours:
                wrong.append(f"we accept {row['name']}")
        else:
            good += 1
            if not ours:
                wrong.append(f"we refuse {row['name']}: {row['ours']}")
        if ours and not theirs:
            wrong.append(f"the oracle refuses what we accept: {row['name']}")
    print(f"{hostile} hostile tokens: none accepted by us, {accepted_there} by the oracle; {good} good ones")
    if hostile < 300 or good < 50:
        wrong.append("the matrix has shrunk")
    return wrong


def judge_foreign_tokens():
    now = int(time.time())
    claims = {"topic": "t", "scopes": ["read"], "exp": now + 3600, "nbf": now - 1, "iat": now - 1}
    makers = [("secret", KEYS["secret"], "HS256", None), ("rsa", KEYS["rsa_private"], "RS256", None),
              ("p256", KEYS["p256_private"], "ES256", None), ("ed25519", KEYS["ed25519_private"], "EdDSA", None),
              ("key_set", KEYS["secret"], "HS256", "k1"), ("key_set", KEYS["rsa_private"], "RS256", "r1"),
              ("key_set", KEYS["p256_private"], "ES256", "e1"), ("key_set", KEYS["ed25519_private"], "EdDSA", "o1")]
    shown, wrong = [], []
    for keys, key, algorithm, key_id in makers:
        for audience in (KEYS["audience"], [KEYS["audience"]], ["https://other.example", KEYS["audience"]]):
            token = jwt.encode({**claims, "aud": audience}, key, algorithm=algorithm,
                               headers={"kid": key_id} if key_id else None)
            shown.append((keys, algorithm, token, True))
            head, body, signature = token.split(".")
            flipped = ("B" if signature[8] != "B" else "C") + signature[9:]
            shown.append((keys, algorithm, f"{head}.{body}.{signature[:8]}{flipped}", False))
    text = "".join(f"{keys} {base64.b64encode(token.encode()).decode()}\n" for keys, _, token, _ in shown)
    answers = run("verify", text=text)
    assert len(answers) == len(shown)
    for (keys, algorithm, _, good), answer in zip(shown, answers):
        if (answer == "accepted") != good:
            wrong.append(f"{keys}, {algorithm}, {'good' if good else 'bent'}: {answer}")
    print(f"{len(shown)} tokens of the oracle, half of them bent")
    return wrong


problems = judge_matrix() + judge_foreign_tokens()
print("\n".join(problems))
sys.exit(1 if problems else 0)
