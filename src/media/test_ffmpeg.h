#pragma once
// For the tests of this room: clips that the real ffmpeg makes, and its opinion on what we made of them. Each
// function gives nothing where ffmpeg, or the encoder asked for, is missing; the test then says so and is
// skipped.

#include <cstdio>
#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"

namespace crosspoint::media {

// Standard output of a shell command; nothing when it ended with an error.
inline std::optional<std::string> output_of(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return std::nullopt;
  std::string text;
  char buffer[65536];
  while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, pipe)) text.append(buffer, count);
  return pclose(pipe) == 0 ? std::optional(text) : std::nullopt;
}

struct ClipSpec {
  std::string codecs;      // "-c:v mpeg1video -c:a mp2"; "-vn" or "-an" where one is missing
  std::string muxer = "";  // options for -f mpegts
  int seconds = 4;
  std::string size = "320x240";
};

inline std::optional<ByteVector> ffmpeg_clip(const ClipSpec& spec) {
  const std::string command = "ffmpeg -nostdin -v quiet -f lavfi -i testsrc2=size=" + spec.size +
                              ":rate=25 -f lavfi -i sine=frequency=440:sample_rate=44100 -t " +
                              std::to_string(spec.seconds) + " " + spec.codecs + " -f mpegts " + spec.muxer +
                              " - 2>/dev/null";
  const auto text = output_of(command);
  if (!text || text->empty()) return std::nullopt;
  return to_vector(as_bytes(*text));
}

// A file for as long as it lives, in the directory for the tests' files.
class TestFile {
 public:
  TestFile(const std::string& directory, Bytes content) {
    path_ = directory + "/crosspoint-media-XXXXXX";
    const int descriptor = mkstemp(path_.data());
    if (descriptor >= 0) std::fclose(fdopen(descriptor, "w"));
    std::ofstream(path_, std::ios::binary)
        .write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
  }
  ~TestFile() { std::remove(path_.c_str()); }
  TestFile(const TestFile&) = delete;
  TestFile& operator=(const TestFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// What ffmpeg says while it decodes all of it; empty when it has nothing to object to.
inline std::string decoding_warnings(const std::string& directory, Bytes stream) {
  const TestFile file(directory, stream);
  return output_of("ffmpeg -nostdin -v warning -i " + file.path() + " -f null - 2>&1")
      .value_or("ffmpeg failed");
}

// Lines of `ffprobe -of csv=p=0 ARGUMENTS`.
inline std::string probe(const std::string& directory, Bytes stream, const std::string& arguments) {
  const TestFile file(directory, stream);
  return output_of("ffprobe -v error -of csv=p=0 " + arguments + " " + file.path() + " 2>&1")
      .value_or("ffprobe failed");
}

}  // namespace crosspoint::media
