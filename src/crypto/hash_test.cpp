// SHA and HMAC against published vectors, and the comparison.
#include <gtest/gtest.h>

#include "crypto/constant_time.h"
#include "crypto/hmac.h"
#include "crypto/sha.h"

namespace crosspoint::crypto {
namespace {

std::string hex(Bytes bytes) {
  std::string text = to_hex(bytes);
  std::erase(text, ' ');
  return text;
}

ByteVector repeated(std::size_t count, int value) { return ByteVector(count, static_cast<std::byte>(value)); }

TEST(Sha, GivesTheDigestsOfTheStandard) {  // FIPS 180-4 examples; RFC 3174 section 7.3
  EXPECT_EQ(hex(sha1(as_bytes("abc"))), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(hex(sha1({})), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(hex(sha1(repeated(1000000, 'a'))), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
  EXPECT_EQ(hex(sha256(as_bytes("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Hmac, GivesTheCodesOfTheRfc) {  // RFC 4231 sections 4.2, 4.3, 4.7 (a key longer than a block)
  const auto key1 = repeated(20, 0x0b);
  EXPECT_EQ(hex(hmac_sha256(key1, as_bytes("Hi There"))),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(
      hex(hmac_sha384(key1, as_bytes("Hi There"))),
      "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6");
  EXPECT_EQ(hex(hmac_sha512(key1, as_bytes("Hi There"))),
            "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4"
            "be9d914eeb61f1702e696c203a126854");
  EXPECT_EQ(hex(hmac_sha256(as_bytes("Jefe"), as_bytes("what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(hmac_sha256(repeated(131, 0xaa),
                            as_bytes("Test Using Larger Than Block-Size Key - Hash Key First"))),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Hmac, AnEmptyKeyIsAKeyOfItsOwn) {
  const auto after_another = (hmac_sha256(as_bytes("Jefe"), as_bytes("x")), hmac_sha256({}, {}));

  EXPECT_EQ(hex(after_another), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(ConstantTime, C7_EqualMeansEqualLengthAndBytes) {
  EXPECT_TRUE(equal_in_constant_time(as_bytes("code"), as_bytes("code")));
  EXPECT_TRUE(equal_in_constant_time({}, {}));
  EXPECT_FALSE(equal_in_constant_time(as_bytes("code"), as_bytes("codf")));
  EXPECT_FALSE(equal_in_constant_time(as_bytes("code"), as_bytes("dode")));
  EXPECT_FALSE(equal_in_constant_time(as_bytes("code"), as_bytes("cod")));
  EXPECT_FALSE(equal_in_constant_time(as_bytes("code"), {}));
}

}  // namespace
}  // namespace crosspoint::crypto
