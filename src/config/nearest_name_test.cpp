#include "config/nearest_name.h"

#include <gtest/gtest.h>

#include <vector>

namespace crosspoint::config {
namespace {

const std::vector<std::string> known_options{"--listen", "--loops", "--ping-every", "--dead-after",
                                             "--dead-link-after"};

TEST(EditDistance, CountsLettersAddedRemovedChangedAndSwapped) {
  EXPECT_EQ(edit_distance("listen", "listen"), 0u);
  EXPECT_EQ(edit_distance("listn", "listen"), 1u);
  EXPECT_EQ(edit_distance("listeen", "listen"), 1u);
  EXPECT_EQ(edit_distance("lister", "listen"), 1u);
  EXPECT_EQ(edit_distance("lsiten", "listen"), 1u);
  EXPECT_EQ(edit_distance("", "listen"), 6u);
  EXPECT_EQ(edit_distance("listen", ""), 6u);
  EXPECT_EQ(edit_distance("abc", "xyz"), 3u);
}

TEST(NearestName, IsTheOneWithTheFewestChanges) {
  EXPECT_EQ(nearest_name("--lisen", known_options), "--listen");
  EXPECT_EQ(nearest_name("--lops", known_options), "--loops");
  EXPECT_EQ(nearest_name("--dead-lnik-after", known_options), "--dead-link-after");
}

TEST(NearestName, DoesNotMindUnderscoresAndCapitals) {
  EXPECT_EQ(nearest_name("--PING_EVERY", known_options), "--ping-every");
}

TEST(NearestName, SaysNothingWhenNothingIsNear) {
  EXPECT_EQ(nearest_name("--verbose", known_options), "");
  EXPECT_EQ(nearest_name("x", known_options), "");
  EXPECT_EQ(nearest_name(std::string(10000, '-'), known_options), "");
  EXPECT_EQ(nearest_name("--listen", {}), "");
  EXPECT_EQ(hint("--verbose", known_options), "");
  EXPECT_EQ(hint("--lisen", known_options), "; did you mean --listen?");
}

TEST(NearestName, DoesNotCountWhatAllNamesBeginWithOrTheSection) {
  const std::vector<std::string> variables{"CROSSPOINT_DEV", "CROSSPOINT_LISTEN"};
  const std::vector<std::string> keys{"serve.dev", "log.file"};

  EXPECT_EQ(nearest_name("CROSSPOINT_FOO", variables), "");
  EXPECT_EQ(nearest_name("CROSSPOINT_", variables), "");
  EXPECT_EQ(nearest_name("CROSSPOINT_DEC", variables), "CROSSPOINT_DEV");
  EXPECT_EQ(nearest_name("serve.foo", keys), "");
  EXPECT_EQ(nearest_name("sreve.dev", keys), "serve.dev");
}

}  // namespace
}  // namespace crosspoint::config
