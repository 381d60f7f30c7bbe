#pragma once
// Keys for tests, made once with OpenSSL's command line. They guard nothing: everybody can read them here.

#include <string_view>

namespace crosspoint::crypto::test_keys {

inline constexpr std::string_view rsa_private_pem = R"(-----BEGIN PRIVATE KEY-----
MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQDHQiHyBvr2B7tJ
GEMObDAWj51Gfn+ucDkRn2BYb/LzPpNVKn7kJUrefd8+Vrg53+dWgVwGw2WrAQvJ
CvlMOSaF0pliMnGMN1LxV1iJu5FVILZ8ENYE5DgtZ1rMBRf81B9mdYhzABpoULR1
KZ9bKHds3vF9GrM77N227Gq+e0LGILfgFmm+0M1tNTARQZ6QQuCU6Cz94JmmbkFt
jT0R6ULRwq1xHzpmT4vNkXmab+7wL2WtPgy1qioiEMrToI4PW+SEhPqZtV9KtQwY
k96FNSQgUM9P1GW2VPBN3zHTGymglq+A5SI/GKIRk7hzcWwXuPu3bwX/V+o+l4Wf
0Q2NDYqPAgMBAAECgf8VyyXrUtggELhrRjwPV8XqscqB61QLwDp9svDWu2fXMwDq
T7uROIL30syYBOQhcFvdGkj2dGiqS3L+ijS6IYYVHPOpydqhe2uW+fa1Gc7LgMh0
yWKfJlb+oE9OAUCeZpUIn9JMwbYhsrIKHoNPdR2aysee50yzQTT+zNzf+JtVEA2j
S+Ry2tRxamh5fNs/UF9SYQJ2pBujkxm1WtlsAiroCB4EiFFnkMKFU1h2NOurA7GD
nm5dlrVPk1+dVTgkHzCymjpRYqFJKVYFMkeOaO6N4HimkC12mUVpCNAeGtZ9TTgE
/XIfT3FmmPoi7G0dBTWl01xDvqoN71O1ka2ISSECgYEA5SUNg6IQ2VbYbd25fRrh
570BVob4pos0LybQlwcYiWukE/zo/i+/dzI8kyfbzXrnD24ttNPelAs862XyfJYA
I7Ik54dGyJ1PhaV6LQSIgXVIMPa5BOwDdCBVuuAK7BP4C+x7VHx+YoXLJc0FoRxu
7kP38I9siZWwvwX2mLU7SY0CgYEA3pxon0zGjMr5jFkOP08/4L6/PHoZlR4hBou3
jKeLVZsnhrdqBe58SqzWHz/QoppyvyDHs3PmVwHyL/mB320YuVRFU8zTotPf1xLN
zzE6dUg2GYaBhR6mMvPi2iGHgUIzl4A31eBCy1SOQsvmphKih1e3AlOHdMf+t5Gp
M+pwx4sCgYEApSHfrFYV6FqinAJmkxbVaAiYN0ALXxIAaF6DgeNWNmpBEzp2uf+0
7nRgnPfjeiAw9bjD7YWl6HB01XthlZEPxqmx2LxvMVHUpg6Ljneu3ASmIssaqMZg
8sX+oi6lEF6PqiAg/NC+z8d1j+dBQEraUpDe1Bi38irS9caZYJFyiV0CgYAeDr5t
q/8vKYTyd1/eGoREg1zs/IuRv+Szro/VFRZSM8Xtgbx2GpJ7vsSWqZYxLmuJ9RIh
3+ddHi0mXykzEtcAxykpPIHi/Xq+3pIdhMcg6OQtJCU+5TmJrbaWv2o9gMPYk/52
CXbbX4pp6IA3MlLxtV1HmiGzGgIBpVBUazZZKwKBgQDO9pv/S9UCfZeudmtrZAAU
xkI3aoUaul1KHUfMHt4V3L7I377rpuFQysQvoykghI92x5mC7kOfitO7pT5MlOp3
55KLX5swHbc10IGPTaBNMjmpk5cCnWVcwZ38yAuoF64CAL2TGYyoO3vr3hRGHfdj
wfik+kBEUJXQyuEwszu0NA==
-----END PRIVATE KEY-----
)";

inline constexpr std::string_view rsa_public_pem = R"(-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAx0Ih8gb69ge7SRhDDmww
Fo+dRn5/rnA5EZ9gWG/y8z6TVSp+5CVK3n3fPla4Od/nVoFcBsNlqwELyQr5TDkm
hdKZYjJxjDdS8VdYibuRVSC2fBDWBOQ4LWdazAUX/NQfZnWIcwAaaFC0dSmfWyh3
bN7xfRqzO+zdtuxqvntCxiC34BZpvtDNbTUwEUGekELglOgs/eCZpm5BbY09EelC
0cKtcR86Zk+LzZF5mm/u8C9lrT4MtaoqIhDK06COD1vkhIT6mbVfSrUMGJPehTUk
IFDPT9RltlTwTd8x0xspoJavgOUiPxiiEZO4c3FsF7j7t28F/1fqPpeFn9ENjQ2K
jwIDAQAB
-----END PUBLIC KEY-----
)";

inline constexpr std::string_view p256_private_pem = R"(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgbiKEUNh5vfc6RwFA
Hq/9sAKrEnYZGnQ2jma/sCoXL3KhRANCAASROpQvsF0VI3so/qTaN7/o2IRKKOLl
Xd5rXz1hFEdocSoljraWsM9EqLwFquaRWcDboqGUS/SQYvxaZcRzb/Af
-----END PRIVATE KEY-----
)";

inline constexpr std::string_view p256_public_pem = R"(-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEkTqUL7BdFSN7KP6k2je/6NiESiji
5V3ea189YRRHaHEqJY62lrDPRKi8BarmkVnA26KhlEv0kGL8WmXEc2/wHw==
-----END PUBLIC KEY-----
)";

inline constexpr std::string_view ed25519_private_pem = R"(-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEICSfH5MyBIv+dAsrqgBJ3awkuSTqUgR1/QJBYBkYF/W1
-----END PRIVATE KEY-----
)";

inline constexpr std::string_view ed25519_public_pem = R"(-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAtzmVHt7iP5/n6TEuWwNUgiWoQn398vYpUUzEqEwKvbE=
-----END PUBLIC KEY-----
)";

inline constexpr std::string_view other_rsa_private_pem = R"(-----BEGIN PRIVATE KEY-----
MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQCjpn35wv0z9Gxd
Z1jXn5Nif669SuOdR/SO6KbBaTQL4Is9wXX/9eNhwUTwyO33I+ZJ1MU/eTrrOgQZ
mnl7wez3egZmbhG/FvQO9WcrdIh6Koc3sXEq1iXOlOv6m9DFwtTscaguJWYRgc/p
ye7WA0T3y9KQ5FNQu2eHi0t4+5KzjfZ12sQC3lnU6eR+1IZbhjgluGyJVfSbbMKW
zCfXkrHEr9q92kd566GhXTGV6X9RSYko5huJuxykS3OziCqZF8cSTEpn9fcChlSm
GGS3/iNesM9nt4UyJn8ukQxi6/ArZOpQYZ1/WQJoYto/MlM1QZxq9BQywOSXQkBV
JqjN0A+NAgMBAAECggEAErJhXykrY4Wv4cX+bPgizxSWYrMNKTmA09j5wEwkMZ0w
W1hggmNV3KPHnBjgsyUrWNERzgwsMpa4xDIVYhHIYIfU9lvp9CKLtK/N3zWbqBV2
yGKh8spvnFgAU+v8YLO/PtpHZCpKrIJfvi6fdlz+Qq9LOdmUOTuH+wDrmQFpA9Fs
BqTdr+Vtgh0ogc18FMFnCoObQUkZYpEdA3l2Mwga0Fps50ZUX6Xa9WGIpb8PAdvA
We4KNRvugq0WgKEKb7tEc8K7doOrkcW/Bfn3fKCnO92TTUL+4CsOXTvZX4gZj8DT
967YJkhHpvQZbTQ1Koati/8rnem3JhJPdaL7tsDXswKBgQDSl9bB1Z/Zcea8wsg2
gOZYyNsZtzYRlPehSh++ayvIg016NWfiV2X2/MPo0JXJAd/IWGTn9MOdosfaqor/
M9gT0qAil3tE9lPvbWnT3gE8O/9LywnPU7OIZTi64oWvBWzd+SsQCJ8gkGfTJ2S7
Xn6MBnEPxk7GTIgk4OwRN48RnwKBgQDG74q5YGfxhWbvfin1exSJbaE97yg5Mj0B
APW6HOHL4yoo0CLP4LcNBHxbuEJedgWwI/eL7LHCyNcZ/lqx5BIio8rija8W3Bju
O0N7pnmzx/EV1R3Zl5vsQ1iJdUV62XjNKBaSwkoDg143yWZto9uglZWlqYyy/i0f
ViBSbc4HUwKBgQCwDy0F5Bi9a5IhoR5NIrpw44r5FshnLolQGG4tfd+exNcTIm71
NWgTcwI+M5Pl9mEmV3AU0/ZuZVZ8IzQNY0R0XhRulwIBh4Zolqpw7BtQRkCLFvXe
lPV1RFqHMzXcOsbnVJaB0xNl4BRM3ZRDaR6W5hPDwmC9O+JeIoR5aF99tQKBgQC+
Ui/K2EO5WiI3n+EunHjyXbL0WNiHl9urGSr9ymHvOL5921pivJ8D0jXTXf4I9yrL
8C0FbgZGzvSTRreoFwWOpFsW0ewfl6Q2TvZp1sP6TqAEfiaXpKckqu2KXGqDdIlQ
5ThrYXuDzuuVvZXD8Q7OnC1WF1ana+rpXvF/StPgRwKBgGucbPB0kkQH+j8sbS4K
oNqhCx1wzTDiUxbc/m+SO9q4vuAytr5Mjp2ZqIo/4vDAtKuzAvYHvFeTqdy26Pi1
nYeKjUk19mmHjYXkRJa1nu49kcuK0aVaoRL39hm/O/xW5fG9ucpDnOfhE+SHzXl7
UHO64Nlztead/tZRi+Td2yHJ
-----END PRIVATE KEY-----
)";

inline constexpr std::string_view other_p256_private_pem = R"(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgiZ79Biw8plAWaz+a
DcSav+qQlsoouheL+PwxK4fCUL6hRANCAATE14u8tkhopyiUFy5ZJZK42tbMBwMr
k4/Z1NFr3UXL2u75XZ9gPxC6WH7npIJ6+CgoaigrR2DAMvcgrqKUzNZ4
-----END PRIVATE KEY-----
)";

inline constexpr std::string_view other_ed25519_private_pem = R"(-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIEwBF7JdrZIJjS7+kiD3hkAOIgStBt/SM21NL8u1MArf
-----END PRIVATE KEY-----
)";

inline constexpr std::string_view rsa_1024_public_pem = R"(-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCz1cjRtz/xa4IIe0ZsMcuQWmA+
Pw1/wqE4gG1yME/KTpNM9Ry4yoOAFUTtudnewATV+txkDwU505AEtLuDVxoGZoxN
u8fGERV1kUTsDdlxsGnYJtVVI8q2kCOQtb0NG75zuGSHCVwg7ioINBAll2Qd5nwU
wRKV8UYF5eSnM6e0RwIDAQAB
-----END PUBLIC KEY-----
)";

inline constexpr std::string_view p384_public_pem = R"(-----BEGIN PUBLIC KEY-----
MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEyPyIQvQGP0HqmkeNpzwuvt1mcU8Y5rtb
qbPZfiYWkPWyyt2aK8rcA8Y9c+2rF7MKmGW/I/Kb4D4odMbYe0h+gYz4qkMJ1STC
GA+3vh8oe2JQjyvX9sBESI88C/4+V0+3
-----END PUBLIC KEY-----
)";

inline constexpr std::string_view encrypted_private_pem = R"(-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAieqpW0MH7P9gICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEOPB1h90fAcn8JdZACrCiDAEQE21
gpLU4vonM3aoPmYfyzf2s46K7rdCDhcfaBmQm1GeCapSRGrveOmyVlWhyQRFGsbq
92Swf7DvD5csoP6kyrs=
-----END ENCRYPTED PRIVATE KEY-----
)";

// The secret as long as the longest hash, and the three public keys above, as a JSON Web Key Set.
inline constexpr std::string_view secret =
    "a secret of the laboratory, long enough for every hash that signs with it";
inline constexpr std::string_view key_set = R"({"keys":[
 {"kty": "oct", "kid": "k1", "alg": "HS256", "k": "YSBzZWNyZXQgb2YgdGhlIGxhYm9yYXRvcnksIGxvbmcgZW5vdWdoIGZvciBldmVyeSBoYXNoIHRoYXQgc2lnbnMgd2l0aCBpdA"},
 {"kty": "RSA", "kid": "r1", "use": "sig", "n": "x0Ih8gb69ge7SRhDDmwwFo-dRn5_rnA5EZ9gWG_y8z6TVSp-5CVK3n3fPla4Od_nVoFcBsNlqwELyQr5TDkmhdKZYjJxjDdS8VdYibuRVSC2fBDWBOQ4LWdazAUX_NQfZnWIcwAaaFC0dSmfWyh3bN7xfRqzO-zdtuxqvntCxiC34BZpvtDNbTUwEUGekELglOgs_eCZpm5BbY09EelC0cKtcR86Zk-LzZF5mm_u8C9lrT4MtaoqIhDK06COD1vkhIT6mbVfSrUMGJPehTUkIFDPT9RltlTwTd8x0xspoJavgOUiPxiiEZO4c3FsF7j7t28F_1fqPpeFn9ENjQ2Kjw", "e": "AQAB"},
 {"kty": "EC", "kid": "e1", "crv": "P-256", "x": "kTqUL7BdFSN7KP6k2je_6NiESiji5V3ea189YRRHaHE", "y": "KiWOtpawz0SovAWq5pFZwNuioZRL9JBi_FplxHNv8B8"},
 {"kty": "OKP", "kid": "o1", "crv": "Ed25519", "x": "tzmVHt7iP5_n6TEuWwNUgiWoQn398vYpUUzEqEwKvbE"}]}
)";

}  // namespace crosspoint::crypto::test_keys
