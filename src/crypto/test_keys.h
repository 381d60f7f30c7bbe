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

}  // namespace crosspoint::crypto::test_keys
