#pragma once
// A configuration to begin with, commented: what `crosspoint init wamp` writes. It can be served as it is,
// and so can what it offers in comments; tests hold it to that.

#include <string>
#include <string_view>

namespace crosspoint::wamp::auth {

inline constexpr std::string_view settings_template =
    R"toml(# A WAMP router: realms, what roles may do in them, and who has which role.
#   crosspoint check FILE             says what is wrong with it
#   crosspoint serve --config FILE    serves it; SIGHUP makes a running one read [wamp] again

[wamp]
# From HELLO to WELCOME.
#opening-timeout = "10s"
# Clients without WebSocket come in at this path, by HTTP requests; "" turns that off.
#long-poll = "/lp"
# With this key the router proves itself to clients that ask (cryptosign):
#   openssl genpkey -algorithm ed25519 -out router.pem
#router-key-file = "router.pem"
# Where histories are kept that outlast a restart.
#history-database = "/var/lib/crosspoint/history.db"
# In this realm, which has to stand below, the node itself answers: relay.topic.list, relay.booking.deny, … A
# role needs a permission for "relay." there.
#management-realm = "lab"

# A realm keeps its topics and procedures apart from those of others.
[[wamp.realm]]
name = "lab"
# Whoever does not say who it is gets this role. Take it out, and such clients stay out.
anonymous-role = "visitor"
# A relay's token for the topic "rig01" opens "topic.rig01" and all below it. Needs [access], with which tokens
# are verified, and a role "student" below.
#token-role = "student"
#token-uri-prefix = "topic."

# Browsers that have shown who they are come back by a cookie (authmethod "cookie"), until they log out.
#cookie = true

# Events that can still be asked for when they are over (wamp.subscription.get_events): the last thousand of
# a day. With history-store = "database" they are there after a restart, too.
#[[wamp.realm.topic]]
#uri = "com.lab.log."
#match = "prefix"
#history-events-max = 1000
#history-age-max = "1d"
#history-store = "database"

# A client that does not keep up is closed, and misses nothing; here it may miss the oldest, and stays.
#[[wamp.realm.delivery]]
#uri = "com.lab.sensor."
#match = "prefix"
#slow-subscriber = "drop"

# Realms that come into being when somebody joins them, and go with the last one.
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

# Somebody with a name. `crosspoint principal` prints such blocks, for each method, from a secret on its standard
# input:
#   crosspoint principal --authid peter --role operator --realm lab --method ticket
# A ticket is shown as it is, so only over TLS or on this machine; here stands its hash.
#[[wamp.principal]]
#realm = "lab"
#authid = "peter"
#role = "operator"
#ticket-hash = "$argon2id$v=19$m=65536,t=2,p=1$…"

# WAMP-CRA: the secret never travels, but both ends know it. This one was made for this file.
[[wamp.principal]]
realm = "lab"
authid = "operator"
role = "operator"
wampcra-secret = "@SECRET@"

# Cryptosign: an Ed25519 key, of which the router knows the public half only.
#   crosspoint principal --authid rig01 --role operator --realm lab --method cryptosign --new-key rig01.pem
#[[wamp.principal]]
#realm = "lab"
#authid = "rig01"
#role = "operator"
#cryptosign-keys = ["1adfc8bfe1d35616e64dffbd900096f23b066f914c8c2ffbb66f6075b96e116d"]

# A TLS client certificate, by its fingerprint; serve.tls-certificate must be set:
#   openssl x509 -noout -fingerprint -sha256 -in rig02.pem
#[[wamp.principal]]
#realm = "lab"
#authid = "rig02"
#role = "operator"
#certificates = ["0CDD6A4AB1C2F48C9D2F64DD0BD7A20A3F4C8A2AE31B0E6B1AB4A5A0A2B1C0D3"]

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
inline constexpr std::string_view secret_in_template = "@SECRET@";

// With a secret of its own, which is unpredictable and fit for a TOML text.
inline std::string settings_with_secret(std::string_view secret) {
  std::string text(settings_template);
  return text.replace(text.find(secret_in_template), secret_in_template.size(), secret);
}

}  // namespace crosspoint::wamp::auth
