#pragma once
// A configuration to begin with, commented: what `init wamp` will write, once there is `init`. A test holds
// it against the reader. Some of what it offers is read and cannot be served yet; `serve` says so
// (docs/wamp.md).

#include <string_view>

namespace crosspoint::wamp::auth {

inline constexpr std::string_view settings_template =
    R"toml(# A WAMP router: realms, what roles may do in them, and who has which role.
# Check it with `crosspoint check FILE`.

[wamp]
# From HELLO to WELCOME.
#opening-timeout = "10s"
# With this key the router proves itself to clients that ask (cryptosign):
#   openssl genpkey -algorithm ed25519 -out router.pem
#router-key-file = "router.pem"

# A realm keeps its topics and procedures apart from those of others.
[[wamp.realm]]
name = "lab"
# Whoever does not say who it is gets this role. Take it out, and such clients stay out.
anonymous-role = "visitor"
# A relay's token for the topic "rig01" opens "topic.rig01" and all below it.
#token-role = "student"
#token-uri-prefix = "topic."

# Realms that come into being when somebody joins them.
#[[wamp.realm]]
#name-pattern = "lab.*"
#realms-max = 100

# What no permission allows is denied. One permission speaks for a URI: the one for this very URI, or the
# longest prefix, or the best wildcard.
[[wamp.role]]
name = "visitor"
realm = "lab"

[[wamp.role.permission]]
uri = "com.lab.public."
match = "prefix"
allow = ["call", "subscribe"]

[[wamp.role]]
name = "operator"
realm = "lab"

[[wamp.role.permission]]
uri = "*"
allow = ["call", "register", "publish", "subscribe"]
disclose = ["caller"]

# Somebody with a name. A ticket is shown as it is, so only over TLS or on this machine; store it as a hash:
#   echo -n "the ticket" | argon2 "$(openssl rand -hex 8)" -id -m 16 -t 2 -p 1 -e
#[[wamp.principal]]
#realm = "lab"
#authid = "peter"
#role = "operator"
#ticket-hash = "$argon2id$v=19$m=65536,t=2,p=1$…"

# WAMP-CRA: the secret never travels, but both ends know it.
#[[wamp.principal]]
#realm = "lab"
#authid = "paul"
#role = "operator"
#wampcra-secret = "…"
#wampcra-salt = "…"

# Cryptosign: an Ed25519 key, of which the router knows the public half only.
#[[wamp.principal]]
#realm = "lab"
#authid = "rig01"
#role = "operator"
#cryptosign-keys = ["1adfc8bfe1d35616e64dffbd900096f23b066f914c8c2ffbb66f6075b96e116d"]

# A procedure that decides who somebody is.
#[[wamp.authenticator]]
#realm = "lab"
#procedure = "com.lab.login"
#methods = ["ticket"]

# And one that decides what a role may do.
#[[wamp.role]]
#name = "guest"
#realm = "lab"
#authorizer = "com.lab.may"
)toml";

}  // namespace crosspoint::wamp::auth
