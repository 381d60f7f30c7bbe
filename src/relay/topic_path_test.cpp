#include "relay/topic_path.h"

#include <gtest/gtest.h>

namespace crosspoint::relay {
namespace {

struct PathRow {
  const char* path;
  const char* topic;
  Part part;
};

// Section A.4 of the open relay's specification, row by row.
TEST(TopicPath, MeansWhatItMeantToCrossbar) {
  const PathRow rows[] = {
      {"/foo", "/foo", Part::both},
      {"/foo/", "/foo", Part::both},
      {"/foo/bar", "/foo/bar", Part::both},
      {"/Foo", "/Foo", Part::both},
      {"/in/d", "/out/d", Part::sender},
      {"/in/d/", "/out/d", Part::sender},
      {"/out/d", "/out/d", Part::receiver},
      {"/in/in/d", "/out/in/d", Part::sender},
      {"/in", "/in", Part::both},
      {"/in/", "/in", Part::both},
      {"/out", "/out", Part::both},
      {"/out/", "/out", Part::both},
      {"/IN/d", "/IN/d", Part::both},
      {"/foo/in/x", "/foo/in/x", Part::both},
      {"/foo/out/x", "/foo/out/x", Part::both},
      {"/bi/x", "/bi/x", Part::both},
      {"/", "/", Part::both},
      {"/d", "/d", Part::both},
  };
  for (const PathRow& row: rows) {
    SCOPED_TRACE(row.path);
    const auto path = topic_path(row.path);
    EXPECT_EQ(path.topic, row.topic);
    EXPECT_EQ(path.part, row.part);
  }
}

TEST(TopicPath, TheRouteKeepsTheFormThatTokensName) {
  EXPECT_EQ(topic_path("/in/d/").route, "/in/d");
  EXPECT_EQ(topic_path("/out/d").route, "/out/d");
}

}  // namespace
}  // namespace crosspoint::relay
