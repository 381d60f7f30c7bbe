// What base/files.h promises, held against both: the machine's files, in a folder that is there for one test,
// and those in memory that the product's tests trust. A promise that only one of them keeps is a bug of the
// other. What only the machine has (pipes, links, what a name leads to) is at the end.

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include "net/system_files.h"
#include "testing/manual_clock.h"
#include "testing/memory_files.h"

namespace crosspoint::net {
namespace {

using crosspoint::testing::ManualClock;
using crosspoint::testing::MemoryFiles;
using Cause = FileError::Cause;

// Files, and somebody else who changes them.
class FilePlace {
 public:
  virtual ~FilePlace() = default;
  virtual Files& files() = 0;
  virtual std::string path(const std::string& name) const = 0;
  virtual void put(const std::string& name, const std::string& text, unsigned mode) = 0;
  virtual void write_into(const std::string& name, const std::string& text) = 0;
  virtual void remove(const std::string& name) = 0;
  virtual void put_folder(const std::string& name) = 0;
  virtual unsigned mode(const std::string& name) const = 0;
};

class MachinePlace final : public FilePlace {
 public:
  MachinePlace() {
    std::string pattern = ::testing::TempDir() + "files_XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~MachinePlace() override { std::filesystem::remove_all(folder_); }

  Files& files() override { return files_; }
  std::string path(const std::string& name) const override { return (folder_ / name).string(); }
  void put(const std::string& name, const std::string& text, unsigned mode) override {
    std::ofstream(path("next"), std::ios::binary) << text;
    ASSERT_EQ(::chmod(path("next").c_str(), mode), 0);
    std::filesystem::rename(path("next"), path(name));
  }
  void write_into(const std::string& name, const std::string& text) override {
    std::ofstream(path(name), std::ios::binary | std::ios::trunc) << text;
  }
  void remove(const std::string& name) override { std::filesystem::remove(path(name)); }
  void put_folder(const std::string& name) override { std::filesystem::create_directory(path(name)); }
  unsigned mode(const std::string& name) const override {
    struct stat facts{};
    return ::stat(path(name).c_str(), &facts) == 0 ? facts.st_mode & 07777 : 0;
  }

 private:
  std::filesystem::path folder_;
  SystemFiles files_;
};

class MemoryPlace final : public FilePlace {
 public:
  Files& files() override { return files_; }
  std::string path(const std::string& name) const override { return "/" + name; }
  void put(const std::string& name, const std::string& text, unsigned mode) override {
    files_.put(path(name), text, mode);
  }
  void write_into(const std::string& name, const std::string& text) override {
    files_.write_into(path(name), text);
  }
  void remove(const std::string& name) override { files_.remove(path(name)); }
  void put_folder(const std::string& name) override { files_.put_folder(path(name)); }
  unsigned mode(const std::string& name) const override { return files_.mode(path(name)); }

 private:
  ManualClock clock_;
  MemoryFiles files_{clock_};
};

class FilesContract : public ::testing::TestWithParam<bool> {
 protected:
  FilesContract() {
    if (GetParam()) place = std::make_unique<MemoryPlace>();
    if (!GetParam()) place = std::make_unique<MachinePlace>();
  }

  Files& files() { return place->files(); }
  std::string path(const std::string& name = "some.pem") const { return place->path(name); }
  FileState state() { return files().state(path()); }
  void expect_refusal(const FileTerms& terms, Cause cause, const std::string& reason) {
    const auto read = files().read(path(), terms);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().cause, cause);
    EXPECT_EQ(read.error().reason, reason);
  }

  std::unique_ptr<FilePlace> place;
};
INSTANTIATE_TEST_SUITE_P(Files, FilesContract, ::testing::Bool(),
                         [](const auto& memory) { return memory.param ? "InMemory" : "OnThisMachine"; });

TEST_P(FilesContract, AFileIsReadAsItIsNow) {
  for (const std::size_t size: {0, 1, 15, 16, 63, 64, 65, 5000, 200'000}) {
    std::string text(size, 'x');
    if (size > 2) text.replace(0, 3, std::string("\0\n\xff", 3));
    place->put("some.pem", text, 0600);
    const auto read = files().read(path(), {});
    ASSERT_TRUE(read) << size;
    EXPECT_TRUE(*read == text) << size;
  }
  place->write_into("some.pem", "over it");
  EXPECT_EQ(files().read(path(), {}).value(), "over it");
}

TEST_P(FilesContract, WhatIsNoFileIsRefusedInASentencesEnd) {
  expect_refusal({}, Cause::absent, "No such file or directory");
  place->put_folder("some.pem");
  expect_refusal({}, Cause::not_regular, "it is no regular file");
}

TEST_P(FilesContract, TheBoundIsKept) {
  place->put("some.pem", std::string(1000, 'x'), 0600);
  EXPECT_EQ(files().read(path(), {.bytes_max = 1000}).value().size(), 1000u);
  expect_refusal({.bytes_max = 999}, Cause::too_large, "it is larger than 999 bytes");
  place->put("some.pem", std::string(1024 * 1024, 'x'), 0600);
  EXPECT_TRUE(files().read(path(), {}));
  expect_refusal({.bytes_max = 9 * 1024}, Cause::too_large, "it is larger than 9 KiB");
  place->write_into("some.pem", std::string(1024 * 1024 + 1, 'x'));
  expect_refusal({}, Cause::too_large, "it is larger than 1 MiB");
}

TEST_P(FilesContract, WhatIsToBePrivateIsRefusedWhereOthersMayReadOrWriteIt) {
  const FileTerms secret{.privacy = FilePrivacy::closed_to_others};
  for (const unsigned mode: {0604u, 0602u, 0646u}) {
    place->put("some.pem", "S3cret", mode);
    expect_refusal(secret, Cause::open_to_everybody,
                   "it is open to everybody on this machine; chmod o-rw it");
    EXPECT_TRUE(files().read(path(), {})) << "where that does not matter";
  }
  for (const unsigned mode: {0600u, 0640u, 0660u}) {
    place->put("some.pem", "S3cret", mode);
    EXPECT_EQ(files().read(path(), secret).value(), "S3cret");
  }
}

TEST_P(FilesContract, TheStateTellsWhetherAFileWasReplacedOrWrittenTo) {
  const auto absent = state();
  EXPECT_EQ(absent, FileState{});
  place->put("some.pem", "first", 0600);
  const auto first = state();
  EXPECT_NE(first, absent);
  EXPECT_EQ(state(), first) << "as long as nothing happens";
  EXPECT_TRUE(files().read(path(), {}));
  EXPECT_EQ(state(), first) << "reading changes nothing";
  EXPECT_NE(files().state(path("other.pem")), first);

  place->put("some.pem", "later", 0600);
  const auto later = state();
  EXPECT_NE(later, first) << "another file, of the same size and maybe at the same time";
  place->write_into("some.pem", "written into");
  EXPECT_NE(state(), later);
  place->remove("some.pem");
  EXPECT_EQ(state(), absent);
}

TEST_P(FilesContract, ANewFileIsItsOwnersAlone) {
  ASSERT_TRUE(files().create(path(), "secret = \"s\"\n"));
  EXPECT_EQ(files().read(path(), {.privacy = FilePrivacy::closed_to_others}).value(), "secret = \"s\"\n");
  EXPECT_EQ(place->mode("some.pem"), 0600u);
}

TEST_P(FilesContract, AFileThatIsThereStaysAsItIs) {
  place->put("some.pem", "precious", 0640);
  const auto created = files().create(path(), "new");
  ASSERT_FALSE(created);
  EXPECT_EQ(created.error().cause, Cause::there_already);
  EXPECT_EQ(created.error().reason, "it is there already, and stays as it is");
  EXPECT_EQ(files().read(path(), {}).value(), "precious");
  EXPECT_EQ(place->mode("some.pem"), 0640u);
}

// The machine's
// -------------------------------------------------------------------------------------------------

class SystemFilesTest : public ::testing::Test {
 protected:
  MachinePlace place;
  Files& files() { return place.files(); }
};

TEST_F(SystemFilesTest, APipeADeviceOrASocketHoldsNobodyUp) {
  ASSERT_EQ(::mkfifo(place.path("pipe").c_str(), 0600), 0);
  for (const auto& path: {place.path("pipe"), std::string("/dev/null"), std::string("/dev/zero")}) {
    const auto read = files().read(path, {});
    ASSERT_FALSE(read) << path;
    EXPECT_EQ(read.error().cause, Cause::not_regular) << path;
  }
}

TEST_F(SystemFilesTest, ALinkIsWhatItLeadsTo) {
  place.put("first", "first", 0600);
  place.put("second", "later", 0600);
  ::symlink("first", place.path("live").c_str());
  const auto first = files().state(place.path("live"));
  EXPECT_EQ(files().read(place.path("live"), {}).value(), "first");
  ::symlink("second", place.path("next").c_str());
  std::filesystem::rename(place.path("next"), place.path("live"));
  EXPECT_NE(files().state(place.path("live")), first);
  EXPECT_EQ(files().read(place.path("live"), {}).value(), "later");
}

TEST_F(SystemFilesTest, FilesOfTheKernelsAreReadThoughTheySayThatTheyAreEmpty) {
  const auto read = files().read("/proc/self/status", {});
  ASSERT_TRUE(read) << read.error().reason;
  EXPECT_NE(read->find("VmSize:"), std::string::npos);
  EXPECT_FALSE(files().read("/proc/self/status", {.bytes_max = 100}));
}

TEST_F(SystemFilesTest, NoDescriptorIsLeftOpen) {
  const auto lowest = [] {
    const int descriptor = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::close(descriptor);
    return descriptor;
  };
  place.put("some.pem", "text", 0600);
  const int before = lowest();
  for (const auto* path: {"some.pem", "none.pem", "."}) (void)files().read(place.path(path), {});
  (void)files().read(place.path("some.pem"), {.bytes_max = 1});
  (void)files().create(place.path("new.pem"), "text");
  EXPECT_EQ(lowest(), before);
}

// A full disk, as far as one process can have one: writing past RLIMIT_FSIZE fails with EFBIG.
TEST_F(SystemFilesTest, WhatCouldNotBeWrittenWholeIsNotThere) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1000, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto created = files().create(place.path("wamp.toml"), std::string(5000, 'x'));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);

  ASSERT_FALSE(created);
  EXPECT_EQ(created.error().reason, "File too large");
  EXPECT_FALSE(std::filesystem::exists(place.path("wamp.toml")));
  const auto nowhere = files().create(place.path("no/folder"), "text");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().reason, "No such file or directory");
}

}  // namespace
}  // namespace crosspoint::net
